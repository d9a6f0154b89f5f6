package forensics_test

import (
	"context"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/forensics"
)

// explainHeader searches with header, in which MAC stands for the signature over t 1700000000.
func explainHeader(t *testing.T, header string) forensics.Report {
	t.Helper()
	body, key := []byte(`{"id":"evt_1"}`), held(t, "whsec_test_secret")
	sum := key[0].Secret.MAC("1700000000", body)
	header = strings.ReplaceAll(header, "MAC", hex.EncodeToString(sum[:]))
	report, err := forensics.Explain(context.Background(), forensics.Case{Headers: []string{header}, Body: body}, forensics.Options{
		Secrets: key, Budget: time.Hour, Now: signedAt,
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestTheHeaderIsBlamedForWhatIsWrongInIt(t *testing.T) {
	for _, test := range []struct{ name, header, want, cause string }{
		{"two t, signed under the first", "t=1700000000,t=1699999999,v1=MAC", "header.two-times", "over the first"},
		{"two t far apart, signed under the first", "t=1700000000,t=1699999000,v1=MAC", "header.two-times", "over the first"},
		{"two t, signed under the last", "t=1699999000,t=1700000000,v1=MAC", "header.two-times", "over the second"},
		{"a t behind the signature", "t=1700000000,v1=MAC,t=1699999000", "header.two-times", "over the first"},
		{"a word behind t", "t=1700000000.abc,v1=MAC", "time.garbled", ""},
		{"two full stops in t", "t=1700000000.1.2,v1=MAC", "time.garbled", ""},
		{"a zero before t", "t=01700000000,v1=MAC", "time.garbled", ""},
		{"a plus before t", "t=+1700000000,v1=MAC", "time.garbled", ""},
		{"a fraction of t", "t=1700000000.25,v1=MAC", "time.fraction", ""},
		{"upper-case names", "T=1700000000,V1=MAC", "header.names", ""},
		{"colons", "t:1700000000,v1:MAC", "header.names", ""},
		{"percent-encoded", url.QueryEscape("t=1700000000,v1=MAC"), "header.percent-encoded", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := explainHeader(t, test.header)
			if got := verdict(report); got != test.want {
				t.Fatalf("found %q, want %q", got, test.want)
			}
			if !strings.Contains(report.Proven.Cause, test.cause) {
				t.Errorf("cause %q, want %q in it", report.Proven.Cause, test.cause)
			}
		})
	}
}

func TestASignatureUnderAnotherNameIsFound(t *testing.T) {
	header := "t=1700000000,v1=" + strings.Repeat("ab", 32)
	for field, want := range map[capture.Field]bool{
		{Name: "HTTP_X_WEBHOOK_SIGNATURE", Value: header}: true,
		{Name: "Stripe-Signature", Value: header}:         true,
		{Name: "x-webhook-signature", Value: header}:      false,
		{Name: "Cookie", Value: "t=1700000000"}:           false,
		{Name: "Cookie", Value: "a=b; v1=x"}:              false,
		{Name: "X-Empty", Value: ""}:                      false,
	} {
		likely := forensics.InferMissing(capture.Request{Header: []capture.Field{{Name: "Host", Value: "h"}, field}})
		if found := len(likely) == 1 && likely[0].ID == "header.misnamed"; found != want {
			t.Errorf("%v: found %+v, want one: %t", field, likely, want)
		}
	}
}

func TestABrokenHeaderIsLikelyTheCauseAlone(t *testing.T) {
	other := strings.Repeat("ab", 32)
	for _, test := range []struct{ name, header, want string }{
		{"no t", "v1=" + other, "header.no-t"},
		{"no signature", "t=1700000000", "header.no-signature"},
		{"bare hex", other, "header.no-t"},
		{"a negative t", "t=-1700000000,v1=" + other, "header.t-form"},
		{"a t with a leading zero", "t=01700000000,v1=" + other, "header.t-form"},
		{"a digit too many", "t=1700000000,v1=" + other + "a", "header.long-signature"},
		{"a signature that is no hex", "t=1700000000,v1=" + strings.Repeat("x", 64), "header.not-hex"},
		{"a signature cut off", "t=1700000000,v1=a09a", "header.truncated"},
		{"a shortened signature", "t=1700000000,v1=a09a…", "header.redacted"},
		{"a redacted signature", "t=1700000000,v1=" + strings.Repeat("0", 64), "header.redacted"},
		{"64 KiB", "t=1700000000,v1=" + strings.Repeat("a", 64<<10), "header.too-large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := explainHeader(t, test.header)
			if report.Proven != nil || len(report.Likely) != 1 || report.Likely[0].ID != test.want {
				t.Errorf("proven %+v, likely %+v; want likely %s alone", report.Proven, report.Likely, test.want)
			}
		})
	}
}

func TestOnlyWhatWasComputedIsSaidToBeTried(t *testing.T) {
	for name, header := range map[string]string{
		"nothing to compare with": "t=1700000000,v1=a09a…",
		"no signature":            "t=1700000000",
	} {
		t.Run(name, func(t *testing.T) {
			if report := explainHeader(t, header); report.Signatures != 0 || report.Tried != nil {
				t.Errorf("%d signatures, tried %v; want none", report.Signatures, report.Tried)
			}
		})
	}
	report := explainHeader(t, "t=1700000000,v1="+strings.Repeat("ab", 32))
	for _, trial := range report.Tried {
		for _, name := range trial.Names {
			if strings.Contains(name, "gzip") || strings.Contains(name, "UTF-16BE, without") {
				t.Errorf("tried %q on a body that it does not apply to", name)
			}
		}
	}
	if len(report.Tried) == 0 {
		t.Error("nothing was tried under a whole header")
	}
}
