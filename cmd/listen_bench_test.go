package cmd_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// BenchmarkListen sends signed events, each with an id of its own, over 50 connections to a server that only reads and
// answers; to a receiver that verifies each one and has it on disk before it answers; and to pbhook listen, which also holds it
// to its schema and shows it. It reports the throughput of the latter two as shares of the first's.
func BenchmarkListen(b *testing.B) {
	sink := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"received":true}`)
	}))
	defer sink.Close()
	urls := []string{sink.URL, durable(b), listen(b, ":0", "--show", "line").url()}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 50}}
	defer client.CloseIdleConnections()

	took := make([]time.Duration, len(urls))
	made := flooded
	for _, url := range urls {
		flood(b, client, url, signedBodies(b, 0)) // opens the connections
	}
	for b.Loop() {
		bodies := signedBodies(b, made)
		made += len(bodies)
		for i, url := range urls {
			took[i] += flood(b, client, url, bodies)
		}
	}
	sent := made - flooded
	b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "durable/sink")
	b.ReportMetric(took[0].Seconds()/took[2].Seconds(), "listen/sink")
	b.ReportMetric(float64(sent)/took[0].Seconds(), "sink/s")
	b.ReportMetric(float64(sent)/took[1].Seconds(), "durable/s")
	b.ReportMetric(float64(sent)/took[2].Seconds(), "listen/s")
}

// durable is a receiver that verifies and keeps, and does nothing else.
func durable(b *testing.B) string {
	b.Helper()
	secret, err := signature.NewSecret(scriptSecret)
	if err != nil {
		b.Fatal(err)
	}
	verifier, err := signature.NewVerifier(signature.Options{Secret: secret})
	if err != nil {
		b.Fatal(err)
	}
	store, err := history.Open(b.Context(), history.Options{Path: filepath.Join(b.TempDir(), "history.db")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = store.Close() })
	server := httptest.NewServer(receiver.New(receiver.Options{
		Verifier: verifier,
		Handle: func(_ context.Context, r *receiver.Receipt) {
			record := history.Record{
				Capture: r.Request, EventID: r.Event.ID, EventType: string(r.Event.Type), Signature: history.SignatureValid,
				Source: history.SourceListen, Answer: history.Answer{Status: r.Status, Body: r.Answer},
			}
			if _, err := store.Add(context.Background(), record); err != nil {
				r.Postpone(err.Error())
			}
		},
	}))
	b.Cleanup(server.Close)
	return server.URL
}

type signedBody struct {
	header string
	body   []byte
}

// flooded is long enough that the sink has no advantage from the processor that the others left it while they waited for the
// disk.
const flooded = 5000

func signedBodies(b *testing.B, from int) []signedBody {
	b.Helper()
	secret, err := signature.NewSecret(scriptSecret)
	if err != nil {
		b.Fatal(err)
	}
	bodies := make([]signedBody, flooded)
	for i := range bodies {
		body := []byte(`{"id":"evt_` + strconv.Itoa(from+i) + `","type":"bulk_job.started","created":1700000000,` +
			`"data":{"jobId":"507f1f77bcf86cd799439013","totalCount":100,"startedAt":"2025-01-15T11:05:00Z"}}`)
		header, err := signature.Sign(body, time.Now(), secret)
		if err != nil {
			b.Fatal(err)
		}
		bodies[i] = signedBody{header, body}
	}
	return bodies
}

func flood(b *testing.B, client *http.Client, url string, bodies []signedBody) time.Duration {
	b.Helper()
	began := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(bodies)); i = next.Add(1) - 1 {
				if status := postSigned(b, client, url, bodies[i]); status != http.StatusOK {
					b.Errorf("answered %d", status)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

func postSigned(b *testing.B, client *http.Client, url string, signed signedBody) int {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(signed.body))
	if err != nil {
		b.Error(err)
		return 0
	}
	request.Header.Set(signature.HeaderName, signed.header)
	response, err := client.Do(request)
	if err != nil {
		b.Error(err)
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}
