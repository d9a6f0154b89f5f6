package receiver_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// BenchmarkReceive sends signed events over 50 connections to a server that only reads and answers, to a handler that
// verifies, and to one that holds events to their schemas as well, in turn, and reports the throughput of the latter two as
// shares of the first's.
func BenchmarkReceive(b *testing.B) {
	key := secret(b, "whsec_a")
	verifying := receiver.Options{Verifier: verifier(b, signature.Options{Secret: key})}
	validating := verifying
	validating.Schemas = schemas(b)
	sink := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"received":true}`)
	})
	header := sign(b, []byte(minted), time.Now(), key)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 50}}
	defer client.CloseIdleConnections()
	var servers []*httptest.Server
	for _, handler := range []http.Handler{sink, receiver.New(verifying), receiver.New(validating)} {
		server := httptest.NewServer(handler)
		defer server.Close()
		servers = append(servers, server)
	}

	for _, server := range servers {
		flood(b, client, server.URL, header) // opens the connections
	}
	took := make([]time.Duration, len(servers))
	for b.Loop() {
		for i, server := range servers {
			began := time.Now()
			flood(b, client, server.URL, header)
			took[i] += time.Since(began)
		}
	}
	b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "verifying/sink")
	b.ReportMetric(took[0].Seconds()/took[2].Seconds(), "validating/sink")
	for i, name := range []string{"sink/s", "verified/s", "validated/s"} {
		b.ReportMetric(float64(b.N*flooded)/took[i].Seconds(), name)
	}
}

// flooded is long enough that the garbage of one server is collected on its own time, and short enough that all meet the same
// machine.
const flooded = 1_000

func flood(b *testing.B, client *http.Client, url, header string) {
	var sent atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for sent.Add(1) <= flooded {
				req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader([]byte(minted)))
				if err != nil {
					b.Error(err)
					return
				}
				req.Header.Set(signature.HeaderName, header)
				resp, err := client.Do(req)
				if err != nil {
					b.Error(err)
					return
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					b.Errorf("answered %d", resp.StatusCode)
					return
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkHandler is the handler without a network.
func BenchmarkHandler(b *testing.B) {
	key := secret(b, "whsec_a")
	header := sign(b, []byte(minted), time.Now(), key)
	for _, bm := range []struct {
		name    string
		schemas *event.Schemas
	}{{"verifying", nil}, {"validating", schemas(b)}} {
		b.Run(bm.name, func(b *testing.B) {
			handler := receiver.New(receiver.Options{
				Verifier: verifier(b, signature.Options{Secret: key}),
				Schemas:  bm.schemas,
			})
			b.ReportAllocs()
			for b.Loop() {
				req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader([]byte(minted)))
				req.Header.Set(signature.HeaderName, header)
				rec := httptest.NewRecorder()
				handler.ServeHTTP(rec, req)
				if rec.Code != http.StatusOK {
					b.Fatal(rec.Body)
				}
			}
		})
	}
}
