package differential

import (
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	pbhook "github.com/pocketbook-studio/pbhook/pkg/signature"
)

// BenchmarkVerify verifies one event of 300 bytes with either library, each as a receiver calls it:
//
//	go test -run '^$' -bench Verify
//
// The last of the three runs both in turns and reports pbhook's time as a multiple of the SDK's, x_sdk, which a busy
// machine moves much less than the two times.
func BenchmarkVerify(b *testing.B) {
	const value = "whsec_1234567890abcdef"
	body := []byte(`{"id":"evt_1234567890","type":"certificate.minted","data":"` + strings.Repeat("x", 239) + `"}`)
	secret, err := pbhook.NewSecret(value)
	if err != nil {
		b.Fatal(err)
	}
	verifier, err := pbhook.NewVerifier(pbhook.Options{Secret: secret, Tolerance: time.Hour})
	if err != nil {
		b.Fatal(err)
	}
	header, err := pbhook.Sign(body, time.Now(), secret)
	if err != nil {
		b.Fatal(err)
	}
	headers := []string{header}

	sdk := func() error { return webhook.ValidatePayloadWithTolerance(body, header, value, time.Hour) }
	own := func() error {
		_, err := verifier.Verify(headers, body, time.Now())
		return err
	}
	b.Run("sdk", func(b *testing.B) { repeat(b, sdk) })
	b.Run("pbhook", func(b *testing.B) { repeat(b, own) })
	b.Run("ratio", func(b *testing.B) {
		var sdkTime, ownTime time.Duration
		for b.Loop() {
			sdkTime += batch(b, sdk)
			ownTime += batch(b, own)
		}
		b.ReportMetric(float64(ownTime)/float64(sdkTime), "x_sdk")
	})
}

func repeat(b *testing.B, verify func() error) {
	b.ReportAllocs()
	for b.Loop() {
		if err := verify(); err != nil {
			b.Fatal(err)
		}
	}
}

// batch is long enough that the garbage of one side is collected on its own time, and short enough that both meet the same
// machine.
func batch(b *testing.B, verify func() error) time.Duration {
	start := time.Now()
	for range 2000 {
		if err := verify(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}
