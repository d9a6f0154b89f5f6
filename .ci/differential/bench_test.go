package differential

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	pbhook "github.com/pocketbook-studio/pbhook/pkg/signature"
)

// BenchmarkVerify verifies one event of 300 bytes with either library, each as a receiver calls it, and sets them beside one
// reused HMAC over as many bytes, which no verification can beat:
//
//	go test -run '^$' -bench Verify
//
// The last of the runs has them in turns and reports pbhook's time as a multiple of the SDK's, x_sdk, which a busy machine
// moves much less than the times.
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
	bare := bareHMAC(value, body)
	b.Run("sdk", func(b *testing.B) { repeat(b, sdk) })
	b.Run("pbhook", func(b *testing.B) { repeat(b, own) })
	b.Run("hmac", func(b *testing.B) { repeat(b, bare) })
	b.Run("ratio", func(b *testing.B) {
		var sdkTime, ownTime, bareTime time.Duration
		for b.Loop() {
			sdkTime += batch(b, sdk)
			ownTime += batch(b, own)
			bareTime += batch(b, bare)
		}
		b.ReportMetric(float64(ownTime)/float64(sdkTime), "x_sdk")
		each := func(took time.Duration) float64 { return float64(took.Nanoseconds()) / float64(b.N*batchSize) }
		b.ReportMetric(each(sdkTime), "sdk-ns")
		b.ReportMetric(each(ownTime), "pbhook-ns")
		b.ReportMetric(each(bareTime), "hmac-ns")
	})
}

func bareHMAC(key string, body []byte) func() error {
	mac := hmac.New(sha256.New, []byte(key))
	timestamp, sum := []byte("1700000000."), make([]byte, 0, sha256.Size)
	return func() error {
		mac.Reset()
		mac.Write(timestamp)
		mac.Write(body)
		sum = mac.Sum(sum[:0])
		return nil
	}
}

func repeat(b *testing.B, verify func() error) {
	b.ReportAllocs()
	for b.Loop() {
		if err := verify(); err != nil {
			b.Fatal(err)
		}
	}
}

// batchSize is long enough that the garbage of one side is collected on its own time, and short enough that all meet the
// same machine.
const batchSize = 2000

func batch(b *testing.B, verify func() error) time.Duration {
	start := time.Now()
	for range batchSize {
		if err := verify(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}
