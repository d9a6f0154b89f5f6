package capture_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

const (
	bulkEvents = 100_000
	bulkBatch  = 256
)

// BenchmarkVerifyBulk verifies 100,000 captured events, each with its own signature, from NDJSON: one goroutine reads,
// another verifies. x_raw sets it against a bare loop over the same bodies with one HMAC state, in the same run: the fastest
// pass of each, because other work on the machine slows two goroutines more than one.
func BenchmarkVerifyBulk(b *testing.B) {
	secret, err := signature.NewSecret("whsec_test_secret")
	if err != nil {
		b.Fatal(err)
	}
	verifier, err := signature.NewVerifier(signature.Options{Secret: secret, IgnoreTime: true})
	if err != nil {
		b.Fatal(err)
	}
	bodies, stream := signedEvents(b, secret)
	b.ReportAllocs()
	bulk, raw := time.Hour, time.Hour
	for b.Loop() {
		begun := time.Now()
		verifyStream(b, verifier, stream)
		bulk = min(bulk, time.Since(begun))
		begun = time.Now()
		rawLoop(bodies)
		raw = min(raw, time.Since(begun))
	}
	b.ReportMetric(float64(raw)/float64(bulk), "x_raw")
	b.ReportMetric(bulkEvents/bulk.Seconds(), "events/s")
	b.ReportMetric(bulkEvents/raw.Seconds(), "raw/s")
}

func signedEvents(b *testing.B, secret signature.Secret) (bodies [][]byte, stream []byte) {
	var out bytes.Buffer
	at := time.Unix(1_700_000_000, 0)
	for i := range bulkEvents {
		body := fmt.Appendf(nil, `{"id":"evt_%016d","type":"certificate.minted","created":1700000000,"data":{"certificateId":"507f1f77bcf86cd799439011","tokenId":"%d","transactionHash":"0xabcdef6f4bb4bb61640eb583fa7aaa1fe13f2eeff9042839dd0b63f12c904420","owner":"0x1234567890123456789012345678901234567890","mintedAt":"2025-01-15T10:35:00Z"}}`, i, i)
		header, err := signature.Sign(body, at, secret)
		if err != nil {
			b.Fatal(err)
		}
		request := capture.Request{
			Method: "POST", URL: "http://localhost:3000/webhooks/pocketbook", Proto: "HTTP/1.1", Time: at, Body: body,
			Header: []capture.Field{{Name: "Content-Type", Value: "application/json"}, {Name: signature.HeaderName, Value: header}},
		}
		if err := capture.WriteNDJSON(&out, request); err != nil {
			b.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	return bodies, out.Bytes()
}

func verifyStream(b *testing.B, verifier *signature.Verifier, stream []byte) {
	batches := make(chan []capture.Request, 4)
	go func() {
		defer close(batches)
		reader := capture.NewReader(bytes.NewReader(stream), capture.ReaderOptions{Format: capture.FormatNDJSON})
		for ended := false; !ended; {
			batch := make([]capture.Request, 0, bulkBatch)
			for len(batch) < bulkBatch {
				request, err := reader.Next()
				if ended = errors.Is(err, io.EOF); ended {
					break
				}
				if err != nil {
					b.Error(err)
				}
				batch = append(batch, request)
			}
			batches <- batch
		}
	}()
	valid := 0
	for batch := range batches {
		for _, request := range batch {
			result, err := verifier.Verify(request.Values(signature.HeaderName), request.Body, request.Time)
			if err == nil && result.SignatureValid {
				valid++
			}
		}
	}
	if valid != bulkEvents {
		b.Fatalf("%d of %d events are valid", valid, bulkEvents)
	}
}

func rawLoop(bodies [][]byte) {
	mac := hmac.New(sha256.New, []byte("whsec_test_secret"))
	sum := make([]byte, 0, sha256.Size)
	for _, body := range bodies {
		mac.Reset()
		mac.Write([]byte("1700000000."))
		mac.Write(body)
		sum = mac.Sum(sum[:0])
	}
}
