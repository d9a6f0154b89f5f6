package probe

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABaselineAcceptsTheSameFailuresAndNoWorse(t *testing.T) {
	none, first, nan := caseOf(t, "auth.none"), caseOf(t, "rot.first"), caseOf(t, "mal.nan")
	before := Report{Results: []Result{failed(none, FaultServerError, ""), failed(first, FaultRefused, ""), failed(nan, FaultAccepted, "")}}
	baseline, err := ParseBaseline(before.Baseline().Encode())
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		result Result
		want   bool
	}{
		"the same":                    {failed(first, FaultRefused, ""), true},
		"a crash before":              {failed(none, FaultServerError, ""), true},
		"a breach that was a crash":   {failed(none, FaultAccepted, ""), false},
		"a crash that was a breach":   {failed(nan, FaultServerError, ""), true},
		"another case":                {failed(caseOf(t, "rot.last"), FaultRefused, ""), false},
		"what is no longer concluded": {inconclusive(first, ""), false},
	} {
		if got := baseline.Accepts(test.result); got != test.want {
			t.Errorf("%s: accepted %t", name, got)
		}
	}
	after := Report{Results: []Result{passed(first), failed(none, FaultServerError, ""), inconclusive(nan, "")}}
	if diff := cmp.Diff([]string{"rot.first"}, baseline.Mended(after)); diff != "" {
		t.Errorf("mended (-want +got):\n%s", diff)
	}
}

func TestAnEmptyBaselineIsOne(t *testing.T) {
	baseline, err := ParseBaseline(Report{}.Baseline().Encode())
	if err != nil || len(baseline.Failures) != 0 {
		t.Errorf("%v, error %v", baseline, err)
	}
}

func TestWhatIsNoBaselineIsRefused(t *testing.T) {
	for _, text := range []string{"", "[]", `{"kind":"check_baseline","version":2,"failures":[]}`, `{"kind":"x","version":1}`,
		`{"kind":"check_baseline","version":1,"failed":[]}`} {
		var refused *BaselineError
		if _, err := ParseBaseline([]byte(text)); !errors.As(err, &refused) {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func caseOf(t testing.TB, id string) Case {
	t.Helper()
	cases, err := Select([]string{id}, nil)
	if err != nil || len(cases) != 1 {
		t.Fatalf("case %s: %v", id, err)
	}
	return cases[0]
}
