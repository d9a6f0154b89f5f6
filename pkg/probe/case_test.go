package probe

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// Every case tells what a reader needs, in the project's form: sentences without a full stop where one is added, ids that sort.
func TestEveryCaseIsTold(t *testing.T) {
	id := regexp.MustCompile(`^[a-z]+\.[a-z0-9]+$`)
	seen := map[string]bool{}
	for _, c := range Cases() {
		if !id.MatchString(c.ID) || seen[c.ID] {
			t.Errorf("id %q", c.ID)
		}
		seen[c.ID] = true
		for name, text := range map[string]string{"title": c.Title, "sends": c.Sends, "wants": c.Wants, "fix": c.Fix} {
			if text == "" || strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s %q", c.ID, name, text)
			}
		}
		if !strings.HasSuffix(c.Why, ".") {
			t.Errorf("%s: why %q", c.ID, c.Why)
		}
		if c.Group == "" {
			t.Errorf("%s has no group", c.ID)
		}
		if (c.make == nil) != (c.stage == stageDerived || c.stage == stageRepeat) {
			t.Errorf("%s is neither sent nor derived", c.ID)
		}
	}
}

func TestSelect(t *testing.T) {
	for name, test := range map[string]struct {
		only, skip []string
		want       []string
	}{
		"a glob":             {[]string{"rot.*"}, nil, []string{"rot.first", "rot.last"}},
		"a group":            {[]string{"rot"}, nil, []string{"rot.first", "rot.last"}},
		"one":                {[]string{"rot.first"}, nil, []string{"rot.first"}},
		"one without others": {[]string{"size"}, []string{"size.5m", "size.9*"}, []string{"size.256k"}},
	} {
		cases, err := Select(test.only, test.skip)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []string
		for _, c := range cases {
			got = append(got, c.ID)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, pattern := range []string{"", "auth.*.*", "[", "ok", "OK.*", "authx"} {
		_, err := Select([]string{pattern}, nil)
		var unknown *PatternError
		if wrong := errors.As(err, &unknown); wrong != (pattern != "ok") {
			t.Errorf("%q: error %v", pattern, err)
		}
	}
}

func TestSeveritiesAreReadAsWritten(t *testing.T) {
	for _, severity := range severities() {
		if got, err := ParseSeverity(severity.String()); got != severity || err != nil {
			t.Errorf("%s: %s, %v", severity, got, err)
		}
	}
	var unknown *SeverityError
	if _, err := ParseSeverity("severe"); !errors.As(err, &unknown) {
		t.Errorf("error %v", err)
	}
}

// What is sent is JSON unless the case is about that, and keeps the text that the case is about.
func TestBodiesHoldWhatTheirCasesSay(t *testing.T) {
	client, err := delivery.New(delivery.Options{Endpoint: "http://localhost:1", Unsigned: true})
	if err != nil {
		t.Fatal(err)
	}
	holds := map[string]string{
		"ok.numbers": `[1.0,1e2,12345678901234567890]`, "ok.unicode": `"\u00e9 \/ 😀"`, "ok.intkeys": `{"2":"b","1":"a"}`,
		"ok.dupkeys": `{"twice":1,"twice":2}`, "ok.pretty": "{\n  \"id\"", "ok.crlf": "{\r\n\"id\"", "ev.extra": `"__proto__":{"admin":true}}`,
		"body.depth": strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000),
	}
	noJSON := map[string]bool{"body.empty": true, "body.malformed": true, "meth.get": true}
	for _, form := range []form{formCompact, formSpaced, formSorted, formSortedSpaced} {
		for _, event := range sampleEvents() {
			s := &sheet{client: client, secret: newSecret(t, secretText), form: form, now: time.Now(), event: form.base(event.Body)}
			for _, c := range Cases() {
				if c.make == nil {
					continue
				}
				body := c.make(s).request.Body
				if json.Valid(body) == noJSON[c.ID] && c.ID != "body.depth" {
					t.Errorf("%s %s: %.200q", c.ID, form, body)
				}
				if text := holds[c.ID]; form == formCompact && !bytes.Contains(body, []byte(text)) {
					t.Errorf("%s: %.200q", c.ID, body)
				}
			}
			if size := len(caseOf(t, "size.256k").make(s).request.Body); size < 256<<10 || size > 257<<10 {
				t.Errorf("256 KiB are %d bytes", size)
			}
		}
	}
}

func TestChangedIsOtherJSONOfTheSameLength(t *testing.T) {
	for _, body := range []string{`{"a":9}`, `{"a":"f"}`, `{"a":"z0"}`, `{"a":"0x12e"}`} {
		got := changed([]byte(body))
		if string(got) == body || !json.Valid(got) || len(got) != len(body) {
			t.Errorf("%s became %s", body, got)
		}
	}
	if got := changed([]byte(`{}`)); string(got) != `{} ` {
		t.Errorf("{} became %q", got)
	}
}
