package metrics_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/metrics"
)

func get(t *testing.T, handler http.Handler, host, path string) (int, string) {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, "http://"+host+path, nil)
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, req)
	body, err := io.ReadAll(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Code, string(body)
}

func TestWhatWasCountedIsServed(t *testing.T) {
	m := metrics.New([]string{"certificate.minted"})
	arrived := time.UnixMilli(1_700_000_000_500)
	m.Received(metrics.Delivery{Type: "certificate.minted", Verdict: "valid", Status: 200, Arrived: arrived, Duration: 3 * time.Millisecond})
	m.Received(metrics.Delivery{Type: "made.up", Verdict: "invalid", Status: 401, Duplicate: true, Arrived: arrived})
	m.Received(metrics.Delivery{Type: "also.made.up", Verdict: "invalid", Status: 401, Arrived: arrived})
	m.Forwarded("http://localhost:3000/", 502, 2*time.Second)
	m.Forwarded("http://localhost:3000/", 0, time.Second)
	status, body := get(t, m.Handler(), "localhost:9090", "/metrics")
	for _, want := range []string{
		`pbhook_received_total{status="2xx",type="certificate.minted",verdict="valid"} 1`,
		`pbhook_received_total{status="4xx",type="other",verdict="invalid"} 2`,
		`pbhook_duplicates_total{type="other"} 1`,
		`pbhook_answer_seconds_bucket{type="certificate.minted",le="0.005"} 1`,
		`pbhook_forward_seconds_count{status="5xx",target="http://localhost:3000/"} 1`,
		`pbhook_forward_seconds_count{status="none",target="http://localhost:3000/"} 1`,
		`pbhook_last_event_timestamp_seconds 1.7000000005e+09`,
		`go_goroutines`,
	} {
		if !strings.Contains(body, want+"\n") && !strings.Contains(body, want+" ") {
			t.Errorf("status %d, no %s", status, want)
		}
	}
}

func TestReadinessIsToldApartFromBeingAlive(t *testing.T) {
	m := metrics.New(nil)
	if status, _ := get(t, m.Handler(), "localhost", "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("ready before it is: %d", status)
	}
	if status, _ := get(t, m.Handler(), "localhost", "/healthz"); status != http.StatusOK {
		t.Errorf("not healthy: %d", status)
	}
	m.Ready(true)
	if status, _ := get(t, m.Handler(), "localhost", "/readyz"); status != http.StatusOK {
		t.Errorf("not ready: %d", status)
	}
}

func TestNamesThatPointHereAreRefusedOnEveryRoute(t *testing.T) {
	handler := metrics.New(nil).Handler("metrics.internal")
	for host, want := range map[string]int{
		"evil.example": 421, "evil.example:9090": 421, "localhost.evil.example": 421, "": 421,
		"localhost": 200, "LOCALHOST.:9090": 200, "127.0.0.1:9090": 200, "[::1]:9090": 200, "metrics.internal:9090": 200,
	} {
		for _, path := range []string{"/metrics", "/healthz", "/nothing"} {
			req := httptest.NewRequest(http.MethodGet, path, nil)
			req.Host = host
			rec := httptest.NewRecorder()
			handler.ServeHTTP(rec, req)
			if refused := rec.Code == 421; refused != (want == 421) {
				t.Errorf("%s of %q answered %d, want %d", path, host, rec.Code, want)
			}
		}
	}
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "http://localhost/metrics", nil))
	if rec.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST answered %d", rec.Code)
	}
}

func TestNothingThatIsServedIsAPage(t *testing.T) {
	m := metrics.New([]string{"certificate.minted"})
	m.Received(metrics.Delivery{Type: "<script>alert(1)</script>", Verdict: "invalid", Status: 401})
	m.Forwarded("http://localhost:3000/?q=<script>", 200, time.Millisecond)
	handler := m.Handler()
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/<script>", "/"} {
		for _, host := range []string{"localhost", "evil.example"} {
			req := httptest.NewRequest(http.MethodGet, "http://"+host+path, nil)
			req.Header.Set("Accept", "text/html")
			rec := httptest.NewRecorder()
			handler.ServeHTTP(rec, req)
			header := rec.Header()
			if !strings.HasPrefix(header.Get("Content-Type"), "text/plain") || header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s at %s is %v", path, host, header)
			}
			if strings.Contains(rec.Body.String(), "alert(1)") {
				t.Errorf("%s at %s has what a sender wrote: %s", path, host, rec.Body)
			}
			if header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s at %s may be read by other origins", path, host)
			}
		}
	}
}
