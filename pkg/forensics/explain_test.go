package forensics_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

var unsigned = []string{"t=1700000000,v1=" + strings.Repeat("0", 64)}

func held(t testing.TB, value string) []forensics.NamedSecret {
	t.Helper()
	return []forensics.NamedSecret{{Name: "current", Secret: secret(t, value)}}
}

func TestExplainRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		headers []string
		secrets []forensics.NamedSecret
		want    error
	}{
		{"no secret", unsigned, nil, signature.ErrEmptySecret},
		{"a zero secret", unsigned, []forensics.NamedSecret{{Name: "current"}}, signature.ErrEmptySecret},
		{"more secrets than it tries", unsigned, make([]forensics.NamedSecret, 65), forensics.ErrTooManySecrets},
		{"no header", nil, held(t, "whsec_x"), signature.ErrMissingHeader},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := forensics.Explain(context.Background(), forensics.Case{Headers: test.headers}, forensics.Options{Secrets: test.secrets})
			if !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

func TestExplainStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	report, err := forensics.Explain(ctx, forensics.Case{Headers: unsigned, Body: []byte("{}")}, forensics.Options{Secrets: held(t, "whsec_x")})
	if !errors.Is(err, context.Canceled) || !report.Cut {
		t.Errorf("error %v, cut %t; want context.Canceled and cut", err, report.Cut)
	}
}

func TestExplainSaysThatItsBudgetWasSpent(t *testing.T) {
	report, err := forensics.Explain(context.Background(), forensics.Case{Headers: unsigned, Body: eventOf1KB()},
		forensics.Options{Secrets: held(t, "whsec_x"), Budget: time.Nanosecond})
	if err != nil || !report.Cut || report.Proven != nil {
		t.Errorf("error %v, cut %t, proven %v; want cut alone", err, report.Cut, report.Proven)
	}
}

func TestASearchThatFoundNothingIsNotCalledCut(t *testing.T) {
	if report := explain(t, []byte("one"), []byte("two")); report.Proven != nil || report.Cut || len(report.Tried) == 0 {
		t.Errorf("proven %+v, cut %t, tried %d; want nothing found and all tried", report.Proven, report.Cut, len(report.Tried))
	}
}

func TestExplainTakesSixtyFourSecrets(t *testing.T) {
	var secrets []forensics.NamedSecret
	for range 64 {
		secrets = append(secrets, held(t, "whsec_x")...)
	}
	c := forensics.Case{Headers: unsigned, Body: []byte("{}")}
	if _, err := forensics.Explain(context.Background(), c, forensics.Options{Secrets: secrets, Budget: time.Nanosecond}); err != nil {
		t.Errorf("64 secrets: %v", err)
	}
	_, err := forensics.Explain(context.Background(), c, forensics.Options{Secrets: append(secrets, secrets[0])})
	if !errors.Is(err, forensics.ErrTooManySecrets) {
		t.Errorf("65 secrets: %v", err)
	}
}

func TestExplainRestrictsTheSearchOfLargeBodies(t *testing.T) {
	signed := []byte(`{"list":["` + strings.Repeat("x", 200<<10) + `"]}`)
	report := explain(t, signed, append(bytes.Clone(signed), '\n'))
	if !report.Restricted || report.Proven == nil || report.Proven.ID != "body.newline-added" {
		t.Errorf("restricted %t, proven %+v; want a restricted search that still names the line break", report.Restricted, report.Proven)
	}
	if small := explain(t, []byte("{}"), []byte("[]")); small.Restricted || small.Cut {
		t.Errorf("restricted %t, cut %t for a small body", small.Restricted, small.Cut)
	}
}

func TestLargerBodiesAreSearchedLessWidely(t *testing.T) {
	least := 0
	for _, size := range []int{17 << 20, 3 << 20, 200 << 10, 1 << 10} {
		body := bytes.Repeat([]byte("line of a text\r\n"), size/16)
		report, err := forensics.Explain(context.Background(), forensics.Case{Headers: unsigned, Body: body},
			forensics.Options{Secrets: held(t, "whsec_x"), Budget: time.Hour})
		if err != nil || report.Proven != nil || report.Signatures <= least+least/10 {
			t.Errorf("%d signatures over %d bytes, error %v; want over a tenth more than the %d of a larger body", report.Signatures, size, err, least)
		}
		least = report.Signatures
	}
}

func TestExplainIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	for _, s := range corpus(t) {
		c, o := s.read(t)
		var reports []forensics.Report
		for _, o.Workers = range []int{1, 2, 7} {
			report, err := forensics.Explain(context.Background(), c, o)
			if err != nil {
				t.Fatal(err)
			}
			report.Signatures = 0
			reports = append(reports, report)
		}
		if diff := cmp.Diff(reports[0], reports[1]) + cmp.Diff(reports[0], reports[2]); diff != "" {
			t.Errorf("%s: reports differ:\n%s", s.Name, diff)
		}
	}
}

func TestExplainReportsProgressToItsEnd(t *testing.T) {
	last, total := 0, 0
	_, err := forensics.Explain(context.Background(), forensics.Case{Headers: unsigned, Body: []byte(`{"a":1}`)}, forensics.Options{
		Secrets: held(t, "whsec_x"), Budget: time.Hour,
		Progress: func(done, of int) {
			if done != last+1 {
				t.Errorf("progress went from %d to %d", last, done)
			}
			last, total = done, of
		},
	})
	if err != nil || last == 0 || last != total {
		t.Errorf("progress ended at %d of %d, error %v", last, total, err)
	}
}

func TestExplainLeavesTheBodyAlone(t *testing.T) {
	body := []byte("{\"a\" : \"é\\/\",\r\n\"2\":1.0,\"1\":[]}\n")
	before := bytes.Clone(body)
	explain(t, []byte("other"), body)
	if !bytes.Equal(body, before) {
		t.Errorf("body is now %q", body)
	}
}

func TestReportHoldsNoSecretAndNoSignatureThatTheHeaderLacks(t *testing.T) {
	for _, s := range corpus(t) {
		c, o := s.read(t)
		report, err := forensics.Explain(context.Background(), c, o)
		if err != nil {
			t.Fatal(err)
		}
		printed := fmt.Sprintf("%+v %+v %+v", report, report.Proven, report.Diff)
		encoded, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		for _, held := range s.Secrets {
			right, err := signature.Sign(c.Body, signedAt, secret(t, held.Value))
			if err != nil {
				t.Fatal(err)
			}
			_, v1, _ := strings.Cut(right, "v1=")
			for _, forbidden := range []string{strings.Trim(held.Value, "'\"\n"), v1} {
				if strings.Contains(printed, forbidden) || strings.Contains(string(encoded), forbidden) {
					t.Errorf("%s: the report holds %q", s.Name, forbidden)
				}
			}
		}
	}
}

func TestDiffShowsTheFirstDifference(t *testing.T) {
	for _, test := range []struct {
		name             string
		signed, received string
		want             *forensics.Diff
	}{
		{"nothing differs", `{}`, `{}`, nil},
		{"a byte behind the end", `{}`, "{}\n", &forensics.Diff{
			Offset: 2, Line: 1, Signed: []byte(`{}`), Received: []byte("{}\n"), SignedLen: 2, ReceivedLen: 3,
		}},
		{"far inside", `{"a":"` + strings.Repeat("x", 100) + `","b":1}`, `{"a":"` + strings.Repeat("x", 100) + `", "b":1}`, &forensics.Diff{
			Offset: 108, Line: 1, Start: 60,
			Signed:   []byte(strings.Repeat("x", 46) + `","b":1}`),
			Received: []byte(strings.Repeat("x", 46) + `", "b":1}`), SignedLen: 114, ReceivedLen: 115,
		}},
		{"between characters of two bytes", `["` + strings.Repeat("é", 90) + `", 1]`, ` ["` + strings.Repeat("é", 90) + `", 1]`, &forensics.Diff{
			Offset: 0, Line: 1, Start: 0,
			Signed:   []byte(`["` + strings.Repeat("é", 47)),
			Received: []byte(` ["` + strings.Repeat("é", 46)), SignedLen: 187, ReceivedLen: 188,
		}},
		{"behind characters of two bytes", `["` + strings.Repeat("é", 40) + `"]`, `["` + strings.Repeat("é", 40) + `" ]`, &forensics.Diff{
			Offset: 83, Line: 1, Start: 36,
			Signed:   []byte(strings.Repeat("é", 23) + `"]`),
			Received: []byte(strings.Repeat("é", 23) + `" ]`), SignedLen: 84, ReceivedLen: 85,
		}},
		{"on the second line", "{\n \"a\":1}", "{\n\"a\":1}", &forensics.Diff{
			Offset: 2, Line: 2, Signed: []byte("{\n \"a\":1}"), Received: []byte("{\n\"a\":1}"), SignedLen: 9, ReceivedLen: 8,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := explain(t, []byte(test.signed), []byte(test.received))
			if diff := cmp.Diff(test.want, report.Diff); diff != "" && report.Signed != nil {
				t.Errorf("diff (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFixesAreGivenForParsedBodiesAlone(t *testing.T) {
	var frameworks []string
	for _, fix := range explain(t, []byte(`{"a":1}`), []byte(`{"a": 1}`)).Proven.Fixes {
		frameworks = append(frameworks, fix.Framework)
	}
	want := []string{"Express", "Next.js", "Fastify", "Flask", "Django", "FastAPI", "Rails", "Laravel", "Spring", "Go"}
	if diff := cmp.Diff(want, frameworks); diff != "" {
		t.Errorf("frameworks (-want +got):\n%s", diff)
	}
	if fixes := explain(t, []byte(`{"a":1}`), []byte("{\"a\":1}\n")).Proven.Fixes; fixes != nil {
		t.Errorf("fixes for a line break: %v", fixes)
	}
}

func TestFewestChangesWin(t *testing.T) {
	// The line feed alone explains this; so do indentation and its undoing.
	report := explain(t, []byte(`{"a":1}`), []byte("{\"a\":1}\n"))
	if report.Proven == nil || len(report.Proven.Changes) != 1 {
		t.Errorf("proven %+v, want one change", report.Proven)
	}
}

func TestThreeChangesAreNotSearchedFor(t *testing.T) {
	mac := secret(t, "whsec_old").MAC("1700000000", []byte(`{"a":1}`))
	secrets := append(held(t, "whsec_new"), forensics.NamedSecret{Name: "previous", Secret: secret(t, "whsec_old")})
	for body, want := range map[string]string{
		`{"a":1}`:     "secret.previous+header.base64",
		"{\"a\":1}\n": "",
	} {
		c := forensics.Case{Headers: []string{"t=1700000000,v1=" + base64.StdEncoding.EncodeToString(mac[:])}, Body: []byte(body)}
		report, err := forensics.Explain(context.Background(), c, forensics.Options{Secrets: secrets, Budget: time.Hour})
		if err != nil || verdict(report) != want {
			t.Errorf("%q: found %q, error %v; want %q", body, verdict(report), err, want)
		}
	}
}

func TestBodiesThatWouldGrowWithoutBoundAreLeftOut(t *testing.T) {
	deep := []byte(strings.Repeat("[", 9000) + strings.Repeat("]", 9000))
	bomb := append([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"), bytes.Repeat([]byte{0xec}, 500)...)
	for _, body := range [][]byte{deep, bomb, {}, []byte("\""), []byte("\\u"), []byte(`"\ud800"`), {0xff, 0xfe}, []byte("{\"a\":1,}")} {
		if report := explain(t, []byte("other"), body); report.Proven != nil {
			t.Errorf("proven %+v of %.20q", report.Proven, body)
		}
	}
}

func TestCaseOfTakesEveryLineOfTheHeader(t *testing.T) {
	got := forensics.CaseOf(capture.Request{
		Header: []capture.Field{
			{Name: "x-webhook-signature", Value: "a"}, {Name: "Date", Value: "d"},
			{Name: "X-Webhook-Signature", Value: "b"}, {Name: "content-length", Value: "2"},
		},
		Body: []byte("{}"), Time: signedAt,
	})
	want := forensics.Case{Headers: []string{"a", "b"}, Body: []byte("{}"), ContentLength: "2", Date: "d", Received: signedAt}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("case (-want +got):\n%s", diff)
	}
}
