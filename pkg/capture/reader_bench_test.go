package capture

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"
)

// BenchmarkReadNDJSON reads and verifies a stream of events, and sets it against the HMAC alone: pbhook reads captures
// in bulk at no less than half the speed of the raw loop.
func BenchmarkReadNDJSON(b *testing.B) {
	lines, length := events(b)
	body := event().Body
	mac := hmac.New(sha256.New, []byte("whsec_test_secret"))
	sum := make([]byte, 0, sha256.Size)
	signed := func(body []byte) {
		mac.Reset()
		mac.Write([]byte("1700000000."))
		mac.Write(body)
		sum = mac.Sum(sum[:0])
	}
	b.Run("HMAC alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			signed(body)
		}
	})
	read := func(b *testing.B, lines string, work func(Request)) {
		reader := NewReader(&endless{line: []byte(lines), left: 1 << 62}, ReaderOptions{Format: FormatNDJSON})
		b.ReportAllocs()
		b.SetBytes(int64(length))
		for b.Loop() {
			request, err := reader.Next()
			if err != nil {
				b.Fatal(err)
			}
			work(request)
		}
	}
	b.Run("read", func(b *testing.B) { read(b, lines, func(Request) {}) })
	b.Run("read and HMAC", func(b *testing.B) { read(b, lines, func(r Request) { signed(r.Body) }) })
	spaced := strings.ReplaceAll(lines, `{"kind"`, `{ "kind"`)
	b.Run("read as other programs write", func(b *testing.B) { read(b, spaced, func(Request) {}) })
}

// events are a hundred deliveries as they come in: each with its own id, signature, time and port.
func events(b *testing.B) (lines string, length int) {
	var requests []Request
	for i := range 100 {
		request := event()
		request.Time = request.Time.Add(time.Duration(i) * 7_654_321)
		request.RemoteAddr = fmt.Sprintf("127.0.0.1:%d", 50000+i)
		request.Header[6].Value = fmt.Sprintf("t=17000000%02d,v1=%064x", i, i)
		request.Body = bytes.Replace(request.Body, []byte("evt_1234567890"), fmt.Appendf(nil, "evt_12345678%02d", i), 1)
		requests = append(requests, request)
	}
	lines = written(b, FormatNDJSON, requests...)
	return lines, len(lines) / len(requests)
}

func BenchmarkReadOthers(b *testing.B) {
	for _, format := range []Format{FormatHAR, FormatHTTP, FormatCurl} {
		b.Run(string(format), func(b *testing.B) {
			many := make([]Request, 100)
			for i := range many {
				many[i] = event()
			}
			text := written(b, format, many...)
			b.ReportAllocs()
			b.SetBytes(int64(len(text) / len(many)))
			for b.Loop() {
				if requests, errs := readAll(text, ReaderOptions{}); len(requests) != len(many) || len(errs) > 0 {
					b.Fatal(len(requests), errs)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(many)), "ns/request")
		})
	}
}

func BenchmarkRedact(b *testing.B) {
	request := event()
	b.ReportAllocs()
	for b.Loop() {
		Redact(request)
	}
}
