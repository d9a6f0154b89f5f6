package forensics_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
)

// scenario is one line of testdata/corpus.ndjson, which testdata/make-corpus.py writes.
type scenario struct {
	Name, Tool    string
	Secrets       []struct{ Name, Value string }
	Headers       []string
	Body          string
	BodyBase64    []byte
	SignedBase64  []byte
	ContentLength string
	Date          string
	Now, Arrived  int64
	Samples       []string
	Expect        string // "valid", the ID of the proven cause, or empty when nothing can be proven
	Likely        []string
}

func corpus(t testing.TB) []scenario {
	t.Helper()
	data, err := os.ReadFile("testdata/corpus.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	var all []scenario
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s scenario
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if len(all) < 60 {
		t.Fatalf("%d scenarios, too few to say anything", len(all))
	}
	return all
}

func (s scenario) read(t testing.TB) (forensics.Case, forensics.Options) {
	t.Helper()
	c := forensics.Case{Headers: s.Headers, Body: []byte(s.Body), ContentLength: s.ContentLength, Date: s.Date}
	if s.BodyBase64 != nil {
		c.Body = s.BodyBase64
	}
	if s.Arrived != 0 {
		c.Received = time.Unix(s.Arrived, 0)
	}
	o := forensics.Options{Now: time.Unix(s.Now, 0), Budget: time.Hour}
	for _, held := range s.Secrets {
		o.Secrets = append(o.Secrets, forensics.NamedSecret{Name: held.Name, Secret: secret(t, held.Value)})
	}
	for _, sample := range s.Samples {
		o.Samples = append(o.Samples, []byte(sample))
	}
	return c, o
}

func TestCorpusNamesEveryProvableCauseAndNoFalseOne(t *testing.T) {
	named, provable, total := 0, 0, 0
	for _, s := range corpus(t) {
		total++
		t.Run(s.Name, func(t *testing.T) {
			c, o := s.read(t)
			report, err := forensics.Explain(context.Background(), c, o)
			if err != nil {
				t.Fatal(err)
			}
			if s.Expect != "" {
				provable++
			}
			if got := verdict(report); got != s.Expect {
				t.Errorf("%s: found %q, want %q", s.Tool, got, s.Expect)
			} else if s.Expect != "" {
				named++
			}
			if s.SignedBase64 != nil && !bytes.Equal(report.Signed, s.SignedBase64) {
				t.Errorf("signed\n%q, want\n%q", report.Signed, s.SignedBase64)
			}
			var likely []string
			for _, inference := range report.Likely {
				likely = append(likely, inference.ID)
			}
			if diff := cmp.Diff(s.Likely, likely, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("likely causes (-want +got):\n%s", diff)
			}
			if s.Expect == "" && len(report.Tried) == 0 && len(report.Likely) == 0 {
				t.Error("nothing found, and not told what was tried")
			}
		})
	}
	t.Logf("%d of %d provable causes named, %d scenarios", named, provable, total)
}

func verdict(report forensics.Report) string {
	switch {
	case report.Valid:
		return "valid"
	case report.Proven != nil:
		return report.Proven.ID
	default:
		return ""
	}
}
