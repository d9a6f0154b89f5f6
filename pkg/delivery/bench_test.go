package delivery

import (
	"net/http"
	"testing"
	"time"
)

// BenchmarkLoad compares the two lanes at the same receiver.
func BenchmarkLoad(b *testing.B) {
	server := serve(b, func(http.ResponseWriter, *http.Request) {})
	for name, transport := range map[string]http.RoundTripper{
		"wire":      nil,
		"transport": roundTripFunc(NewTransport(TransportOptions{Concurrency: 50}).RoundTrip),
	} {
		b.Run(name, func(b *testing.B) {
			client := newClient(b, Options{Endpoint: server.URL, Transport: transport})
			b.ReportAllocs()
			report, err := client.Load(b.Context(), Plan{Count: b.N, Concurrency: 50}, sourceOf(event()), nil)
			if err != nil || report.OK != int64(b.N) {
				b.Fatalf("%v, %+v", err, report)
			}
			b.ReportMetric(report.Throughput, "req/s")
		})
	}
}

func BenchmarkRequest(b *testing.B) {
	client := newClient(b, Options{Endpoint: "http://localhost:3000/webhooks/pocketbook"})
	message, at := event(), time.Unix(1700000000, 0)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Request(message, at); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMessage is what a load run does for each request before it is written.
func BenchmarkMessage(b *testing.B) {
	client := newClient(b, Options{Endpoint: "http://localhost:3000/webhooks/pocketbook"})
	body, at := event().Body, time.Unix(1700000000, 0)
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		sealed, err := client.seal.seal(body, at)
		if err != nil {
			b.Fatal(err)
		}
		buffer = client.head.message(buffer[:0], sealed)
	}
}
