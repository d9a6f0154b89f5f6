package forensics_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// eventOf1KB has all that makes a search wide: slashes, characters beyond ASCII, markup, numbers and nesting.
func eventOf1KB() []byte {
	const event = `{"id":"evt_1234567890","type":"certificate.created","created":1640995200,"data":{` +
		`"certificateId":"507f1f77bcf86cd799439011","name":"Café <b>&</b>","imageUrl":"https://ipfs.io/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",` +
		`"owner":"0x1234567890123456789012345678901234567890","metadata":{"2":"b","1":"a","attributes":[{"trait_type":"Course","value":1.50}]},` +
		`"createdAt":"2025-01-15T10:30:00Z","description":"`
	return []byte(event + strings.Repeat("x", 1024-len(event)-3) + `"}}`)
}

// BenchmarkExplainNothingFound is the whole search, on one core: every variant, alone and two at a time.
func BenchmarkExplainNothingFound(b *testing.B) {
	for _, bench := range []struct {
		name string
		body []byte
	}{
		{"1 KB", eventOf1KB()},
		{"16 KB", []byte(`{"list":[` + strings.Repeat(string(eventOf1KB())+",", 15) + `{}]}`)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			c := forensics.Case{Headers: []string{"t=1700000000,v1=" + strings.Repeat("0", 64)}, Body: bench.body}
			options := forensics.Options{
				Secrets: []forensics.NamedSecret{{Name: "current", Secret: secret(b, "whsec_dGhlIHNlY3JldA")}, {Name: "previous", Secret: secret(b, "whsec_0f1e2d3c")}},
				Workers: 1,
				Budget:  time.Hour,
			}
			b.ReportAllocs()
			b.SetBytes(int64(len(bench.body)))
			signatures := 0
			for b.Loop() {
				report, err := forensics.Explain(context.Background(), c, options)
				if err != nil || report.Proven != nil || report.Cut {
					b.Fatalf("report %+v, error %v", report, err)
				}
				signatures = report.Signatures
			}
			b.ReportMetric(float64(signatures), "signatures/op")
		})
	}
}

func secret(t testing.TB, value string) signature.Secret {
	t.Helper()
	s, err := signature.NewSecret(value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// BenchmarkExplainLargeBody tells how far a search of a body of 5 MB overruns its budget, as a multiple of it.
func BenchmarkExplainLargeBody(b *testing.B) {
	item := string(eventOf1KB()) + ","
	body := []byte(`{"list":[` + strings.Repeat(item, (5<<20)/len(item)) + `{}]}`)
	c := forensics.Case{Headers: []string{"t=1700000000,v1=" + strings.Repeat("0", 64)}, Body: body}
	options := forensics.Options{Secrets: []forensics.NamedSecret{{Name: "current", Secret: secret(b, "whsec_0f1e2d3c")}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := forensics.Explain(context.Background(), c, options); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/forensics.DefaultBudget.Seconds(), "budgets/op")
}
