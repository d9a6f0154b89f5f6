// Package metrics counts what listen receives and hands on, and serves the counts to Prometheus beside two health checks.
package metrics

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Meter counts deliveries. It is safe for concurrent use.
type Meter struct {
	registry  *prometheus.Registry
	received  *prometheus.CounterVec
	duplicate *prometheus.CounterVec
	answered  *prometheus.HistogramVec
	forwarded *prometheus.HistogramVec
	last      prometheus.Gauge
	ready     atomic.Bool
	known     []string
}

// Delivery is what a meter takes of one received request.
type Delivery struct {
	Type      string // of the event
	Verdict   string // valid, invalid, outside_tolerance, unverified …
	Duplicate bool
	Status    int // of the answer
	Arrived   time.Time
	Duration  time.Duration // until the answer
}

// otherType stands for types that are not documented: whoever may send could otherwise make series without end.
const otherType = "other"

// New makes a meter that tells events of the known types apart.
func New(known []string) *Meter {
	byType := []string{"type"}
	buckets := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	m := &Meter{
		registry: prometheus.NewRegistry(),
		received: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "pbhook_received_total", Help: "Requests received, by event type, verdict on the signature, and status answered.",
		}, []string{"type", "verdict", "status"}),
		duplicate: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "pbhook_duplicates_total", Help: "Events that were received before, by event type.",
		}, byType),
		answered: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "pbhook_answer_seconds", Help: "Time from a request to its answer, by event type.", Buckets: buckets,
		}, byType),
		forwarded: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "pbhook_forward_seconds", Help: "Time that a server behind took to answer, by target and class of status.", Buckets: buckets,
		}, []string{"target", "status"}),
		last: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "pbhook_last_event_timestamp_seconds", Help: "When the newest event arrived, in seconds since 1970; 0 before the first.",
		}),
		known: known,
	}
	m.registry.MustRegister(m.received, m.duplicate, m.answered, m.forwarded, m.last,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Received counts one request.
func (m *Meter) Received(d Delivery) {
	typ := d.Type
	if !slices.Contains(m.known, typ) {
		typ = otherType
	}
	m.received.WithLabelValues(typ, d.Verdict, class(d.Status)).Inc()
	m.answered.WithLabelValues(typ).Observe(d.Duration.Seconds())
	if d.Duplicate {
		m.duplicate.WithLabelValues(typ).Inc()
	}
	m.last.Set(float64(d.Arrived.UnixMilli()) / 1000)
}

// Forwarded counts one answer of a server behind; status 0 is none.
func (m *Meter) Forwarded(target string, status int, took time.Duration) {
	m.forwarded.WithLabelValues(target, class(status)).Observe(took.Seconds())
}

// Ready tells the health checks whether requests are accepted.
func (m *Meter) Ready(accepting bool) { m.ready.Store(accepting) }

func class(status int) string {
	if status < 100 || status > 599 {
		return "none"
	}
	return string(rune('0'+status/100)) + "xx"
}

// Handler serves /metrics, /healthz and /readyz by GET. A request whose Host is a name other than those given or of this
// machine is refused with 421, for a web page elsewhere may have had its name point here (DNS rebinding).
func (m *Meter) Handler(hosts ...string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if m.ready.Load() {
			say(w, http.StatusOK, "ready")
			return
		}
		say(w, http.StatusServiceUnavailable, "not ready")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if !expected(r.Host, hosts) {
			say(w, http.StatusMisdirectedRequest, "unknown host")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}

// expected takes any address in figures, which no name can be made to mean, and the names that are known.
func expected(host string, names []string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	return host == "localhost" || net.ParseIP(host) != nil || slices.Contains(names, host)
}
