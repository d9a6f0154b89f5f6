package forensics_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// FuzzExplain holds to two laws on any input: a body that was signed as it stands is valid, and whatever is proven
// under changes of the body alone is the body of that signature.
func FuzzExplain(f *testing.F) {
	for _, s := range corpus(f) {
		c, _ := s.read(f)
		f.Add(s.Headers[0], c.Body, s.Secrets[0].Value)
	}
	f.Fuzz(func(t *testing.T, header string, body []byte, value string) {
		key, err := signature.NewSecret(value)
		if err != nil || len(body) > 1<<9 || len(value) > 200 || len(header) > 400 {
			t.Skip()
		}
		options := forensics.Options{Secrets: []forensics.NamedSecret{{Name: "current", Secret: key}}, Budget: 50 * time.Millisecond, Workers: 1}
		if _, err := forensics.Explain(context.Background(), forensics.Case{Headers: []string{header}, Body: body, Date: header}, options); err != nil {
			t.Fatal(err)
		}
		good, err := signature.Sign(body, signedAt, key)
		if err != nil {
			t.Fatal(err)
		}
		report, err := forensics.Explain(context.Background(), forensics.Case{Headers: []string{good}, Body: body}, options)
		if err != nil || !report.Valid && !report.Cut {
			t.Fatalf("a good signature is not valid: %+v, %v", report, err)
		}
		damaged := append(bytes.Clone(body), '\n')
		report, err = forensics.Explain(context.Background(), forensics.Case{Headers: []string{good}, Body: damaged}, options)
		if err != nil || report.Proven == nil && !report.Cut {
			t.Fatalf("a line break is not found: %+v, %v", report, err)
		}
		if report.Proven != nil {
			mac := key.MAC("1700000000", report.Signed)
			if want := good[len(good)-2*signature.Size:]; hex.EncodeToString(mac[:]) != want {
				t.Fatalf("proven %q, whose signature is another", report.Signed)
			}
		}
	})
}
