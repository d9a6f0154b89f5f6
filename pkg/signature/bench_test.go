package signature_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// eventOf300Bytes is as long as an ordinary event of the guide.
var eventOf300Bytes = []byte(`{"id":"evt_1234567890","type":"certificate.minted","data":"` + strings.Repeat("x", 239) + `"}`)

func BenchmarkVerify(b *testing.B) {
	current, previous := secret(b, "whsec_1234567890abcdef"), secret(b, "whsec_fedcba0987654321")
	now := time.Unix(1700000000, 0)
	for _, bench := range []struct {
		name    string
		options signature.Options
		signers []signature.Secret
	}{
		{"one secret", signature.Options{Secret: current}, nil},
		{"two secrets in rotation", signature.Options{Secret: current, Previous: previous}, []signature.Secret{previous}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			verifier := newVerifier(b, bench.options)
			headers := []string{sign(b, eventOf300Bytes, now, current, bench.signers...)}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := verifier.Verify(headers, eventOf300Bytes, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSign(b *testing.B) {
	key, now := secret(b, "whsec_1234567890abcdef"), time.Unix(1700000000, 0)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := signature.Sign(eventOf300Bytes, now, key); err != nil {
			b.Fatal(err)
		}
	}
}
