package forensics_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestTheBodyIsDescribedAsItIs(t *testing.T) {
	const signed = `{"id":"evt_1","url":"a/b"}`
	const pretty = "{\n  \"id\": \"evt_1\",\n  \"url\": \"a/b\"\n}\n"
	for _, test := range []struct{ name, received, want, cause, not string }{
		{"NUL bytes behind", signed + "\x00\x00", "body.nul-padded", "NUL bytes", "white space"},
		{"NUL bytes in front", "\x00" + signed, "body.nul-padded", "NUL bytes", "white space"},
		{"a no-break space behind", signed + "\u00a0", "body.space-added", "white space", ""},
		{"the end-of-file mark of DOS", signed + "\x1a", "body.dos-end", "", ""},
		{"pretty, then unix2dos", strings.ReplaceAll(pretty, "\n", "\r\n"), "json.indented", "with a CRLF at the end of each line", "line feed"},
		{"pretty", pretty, "json.indented", "with a line feed at the end", "CRLF"},
		{"an escaped slash in hex", strings.ReplaceAll(signed, "/", `\u002F`), "json.escapes", "received compact, with escapes", "received compact)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := explain(t, []byte(signed), []byte(test.received))
			if got := verdict(report); got != test.want {
				t.Fatalf("found %q, want %q", got, test.want)
			}
			cause := report.Proven.Cause
			if !strings.Contains(cause, test.cause) || test.not != "" && strings.Contains(cause, test.not) {
				t.Errorf("cause %q, want %q and not %q in it", cause, test.cause, test.not)
			}
		})
	}
}

func TestABodyWithoutAProofIsLikelyWhatItLooksLike(t *testing.T) {
	for _, test := range []struct{ name, received, length, want string }{
		{"empty", "", "", "body.empty"},
		{"empty, but sent with a length", "", "337", "body.empty"},
		{"nothing but white space", " \n", "", "body.empty"},
		{"indented, with sorted keys", "{\n  \"a\": 1,\n  \"b\": 2\n}\n", "", "body.reserialised"},
		{"spaced, with sorted keys", `{"a": 1, "b": 2}`, "", "body.reserialised"},
		{"escaped as PHP does", `{"a":"b\/c"}`, "", "body.reserialised"},
		{"compact", `{"b":2,"a":1}`, "", "body.no-trace"},
		{"not UTF-8", "{\"id\":\"evt_1\",\"n\":\"Zo\xeb x\"}", "", "body.not-utf8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			header, err := signature.Sign([]byte("other"), signedAt, secret(t, "whsec_x"))
			if err != nil {
				t.Fatal(err)
			}
			report, err := forensics.Explain(context.Background(), forensics.Case{
				Headers: []string{header}, Body: []byte(test.received), ContentLength: test.length,
			}, forensics.Options{Secrets: held(t, "whsec_x"), Budget: time.Hour})
			if err != nil || report.Proven != nil || len(report.Likely) != 1 || report.Likely[0].ID != test.want {
				t.Errorf("proven %+v, likely %+v, error %v; want likely %s alone", report.Proven, report.Likely, err, test.want)
			}
		})
	}
}

func TestAnOldDeliveryIsSaidToHoldOnlyWhenItDoes(t *testing.T) {
	signed, key := []byte(`{"id":"evt_1","a":[1,2]}`), held(t, "whsec_x")
	for _, test := range []struct {
		name     string
		at       time.Time
		received string
		want     string
		holds    bool
	}{
		{"untouched", signedAt, string(signed), "time.old-capture", true},
		{"spaced", signedAt, `{"id": "evt_1", "a": [1, 2]}`, "time.old-too", false},
		{"at the epoch", time.Unix(1, 0), string(signed), "time.unset", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			header, err := signature.Sign(signed, test.at, key[0].Secret)
			if err != nil {
				t.Fatal(err)
			}
			report, err := forensics.Explain(context.Background(), forensics.Case{Headers: []string{header}, Body: []byte(test.received)},
				forensics.Options{Secrets: key, Budget: time.Hour, Now: signedAt.Add(4000 * time.Second)})
			if err != nil || len(report.Likely) != 1 || report.Likely[0].ID != test.want {
				t.Fatalf("likely %+v, error %v; want %s alone", report.Likely, err, test.want)
			}
			if says := strings.Contains(report.Likely[0].Cause, "its signature holds"); says != test.holds {
				t.Errorf("cause %q", report.Likely[0].Cause)
			}
		})
	}
}

func TestABodyInCRLFLinesIsNotOneInLF(t *testing.T) {
	signed := []byte("{\r\n  \"a\": 1\r\n}\r\n")
	report := explain(t, signed, bytes.ReplaceAll(signed, []byte("\r\n"), []byte("\n")))
	if verdict(report) != "body.lf" {
		t.Errorf("found %q, want body.lf", verdict(report))
	}
}

func TestLineSeparatorsAreEscapedAsForHTML(t *testing.T) {
	body := []byte("{\"a\":\"<\u2028 \u2029>\"}")
	if got := verdict(explain(t, htmlEscaped(body), body)); got != "json.reserialised" {
		t.Errorf("found %q, want json.reserialised", got)
	}
	if got := verdict(explain(t, body, htmlEscaped(body))); got != "json.html" {
		t.Errorf("found %q, want json.html", got)
	}
}

func TestWhiteSpaceAndEscapesAreToldApart(t *testing.T) {
	for _, test := range []struct{ name, signed, received, want, cause string }{
		{"odd white space, one more escape", `{ "a":"é"}`, `{ "a":"\u00e9"}`, "json.escapes", "characters of the strings were escaped in another way"},
		{"odd white space, one of two escaped", `{ "a":"é", "b":"é"}`, `{ "a":"\u00e9", "b":"é"}`, "json.escapes", "characters of the strings were escaped"},
		{"odd white space, one escape less", `{ "a":"\u00e9"}`, `{ "a":"é"}`, "json.escapes", "characters of the strings were escaped in another way"},
		{"both", `{"a":"é"}`, `{ "a":"\u00e9"}`, "json.reserialised", "white space and escapes"},
		{"white space alone", `{"a":"é"}`, `{ "a":"é"}`, "json.whitespace", "the white space between the tokens"},
		{"white space behind it all", `{"a":1,"b":[]}`, `{"a":1 ,"b":[]}`, "json.whitespace", "the white space between the tokens"},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := explain(t, []byte(test.signed), []byte(test.received))
			if got := verdict(report); got != test.want {
				t.Fatalf("found %q, want %q", got, test.want)
			}
			if !strings.Contains(report.Proven.Cause, test.cause) {
				t.Errorf("cause %q, want %q in it", report.Proven.Cause, test.cause)
			}
		})
	}
}

func TestOfTwoSamplesTheFirstGivesTheOrderOfKeys(t *testing.T) {
	signed := []byte(`{"b":1,"a":2,"c":3}`)
	header, err := signature.Sign(signed, signedAt, secret(t, "whsec_x"))
	if err != nil {
		t.Fatal(err)
	}
	report, err := forensics.Explain(context.Background(), forensics.Case{Headers: []string{header}, Body: []byte(`{"a":2,"b":1,"c":3}`)}, forensics.Options{
		Secrets: held(t, "whsec_x"), Budget: time.Hour, Samples: [][]byte{signed, []byte("none"), []byte(`{"c":1,"b":2,"a":3}`)},
	})
	if err != nil || verdict(report) != "json.key-order" {
		t.Errorf("found %q, error %v; want json.key-order", verdict(report), err)
	}
}
