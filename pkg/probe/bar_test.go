package probe

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyWhatIsUnderTheBarStopsARun(t *testing.T) {
	report := Report{Results: []Result{
		passed(caseOf(t, "ok.compact")),
		inconclusive(caseOf(t, "auth.v0"), "why"),                 // critical
		inconclusive(caseOf(t, "fwd.equals"), "why"),              // info
		failed(caseOf(t, "size.256k"), FaultRefused, ""),          // info
		failed(caseOf(t, "auth.none"), FaultServerError, "crash"), // critical, but a crash is medium
		failed(caseOf(t, "rot.first"), FaultRefused, ""),          // high
		failed(caseOf(t, "rot.last"), FaultRefused, ""),           // high
		skipped(caseOf(t, "net.cert"), "no TLS"),
	}}
	baseline := Baseline{Failures: []AcceptedFailure{{"rot.last", FaultRefused}, {"auth.v0", FaultAccepted}}}
	for failOn, want := range map[Severity][]string{
		Info:     {"rot.first", "auth.none", "size.256k", "auth.v0", "fwd.equals"},
		Medium:   {"rot.first", "auth.none", "auth.v0"},
		High:     {"rot.first", "auth.v0"},
		Critical: {"auth.v0"},
	} {
		got := []string{}
		for _, result := range (Bar{failOn, baseline}).Under(report) {
			got = append(got, result.Case.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("at %s (-want +got):\n%s", failOn, diff)
		}
	}
}
