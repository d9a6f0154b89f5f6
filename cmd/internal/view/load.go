package view

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// LoadProgress is the line that says how far a load run is; only a terminal shows it.
type LoadProgress struct {
	bar    ui.Progress
	shown  int64
	ending atomic.Bool
}

// Load begins the progress line of a load run.
func (v *View) Load(plan delivery.Plan) *LoadProgress {
	total := int64(-1)
	if plan.Count > 0 {
		total = int64(plan.Count)
	}
	return &LoadProgress{bar: v.Err.Progress(total, "sending")}
}

// Show moves the line on. It is called from one goroutine at a time.
func (p *LoadProgress) Show(now delivery.Progress) {
	p.bar.Add(int(now.Sent - p.shown))
	p.shown = now.Sent
	if failed := now.Sent - now.OK; failed > 0 && !p.ending.Load() {
		p.bar.Describe(fmt.Sprintf("sending, %d failed", failed))
	}
}

// Ending says why the run goes on for a moment after Ctrl-C, before a second one costs the report.
func (p *LoadProgress) Ending() {
	p.ending.Store(true)
	p.bar.Describe("waiting for the last answers, Ctrl-C again ends at once")
}

// Done takes the line away.
func (p *LoadProgress) Done() { p.bar.Done() }

// report is what a program reads of a load run.
type report struct {
	Kind        string           `json:"kind"`
	Started     time.Time        `json:"time"`
	Elapsed     float64          `json:"elapsedMs"`
	Interrupted bool             `json:"interrupted,omitempty"`
	Sent        int64            `json:"sent"`
	OK          int64            `json:"ok"`
	Failed      int64            `json:"failed"`
	Cut         int64            `json:"cut,omitempty"`
	Throughput  float64          `json:"perSecond"`
	BytesOut    int64            `json:"bytesOut"`
	Statuses    map[int]int64    `json:"statuses"`
	Errors      map[string]int64 `json:"errors"`
	Latency     latencies        `json:"latencyMs"`
	Service     latencies        `json:"serviceMs"`
	Slow        int64            `json:"slow"`
	SlowShare   float64          `json:"slowShare"`
}

// latencies mean nothing where there are no samples.
type latencies struct {
	Samples int64   `json:"samples"`
	Min     float64 `json:"min"`
	Mean    float64 `json:"mean"`
	P50     float64 `json:"p50"`
	P90     float64 `json:"p90"`
	P95     float64 `json:"p95"`
	P99     float64 `json:"p99"`
	Max     float64 `json:"max"`
}

// Report shows what a load run found.
func (v *View) Report(r delivery.Report) error {
	if v.JSON {
		return emit(v.Out, reportRecord(r))
	}
	rows := [][]string{
		{"sent", fmt.Sprintf("%d in %s, %.0f answers a second, %s", r.Sent, elapsed(r.Elapsed), r.Throughput, size(r.BytesOut))},
		{"answered", v.answers(r)},
	}
	if failures := v.failures(r); failures != "" {
		rows = append(rows, []string{"unanswered", failures})
	}
	if r.Latency.Samples > 0 {
		rows = append(rows, []string{"latency", percentiles(r.Latency)})
	}
	if r.Service != r.Latency {
		rows = append(rows, []string{"service", percentiles(r.Service) + "  (from when it was sent, not when it was due)"})
	}
	slow := fmt.Sprintf("%d (%.2f %%)", r.Slow, 100*r.SlowShare())
	if r.Slow > 0 {
		slow = v.Out.Warn(slow)
	}
	rows = append(rows, []string{"over 5 s", slow})
	if r.Cut > 0 {
		rows = append(rows, []string{"cut off", fmt.Sprintf("%d were under way when the run was interrupted", r.Cut)})
	}
	_, err := fmt.Fprint(v.Out, v.Out.Table(nil, rows))
	return err
}

func (v *View) answers(r delivery.Report) string {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
		parts = append(parts, fmt.Sprintf("%s × %d", v.status(status), r.Statuses[status]))
	}
	return cmp.Or(strings.Join(parts, ", "), "none")
}

func (v *View) failures(r delivery.Report) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(r.Errors)) {
		parts = append(parts, fmt.Sprintf("%s × %d", v.Out.Bad(string(kind)), r.Errors[kind]))
	}
	return strings.Join(parts, ", ")
}

func percentiles(l delivery.Latencies) string {
	return fmt.Sprintf("p50 %s, p90 %s, p95 %s, p99 %s, max %s",
		elapsed(l.P50), elapsed(l.P90), elapsed(l.P95), elapsed(l.P99), elapsed(l.Max))
}

func reportRecord(r delivery.Report) report {
	errors := map[string]int64{}
	for kind, n := range r.Errors {
		errors[string(kind)] = n
	}
	return report{
		Kind: "load_report", Started: r.Started, Elapsed: milliseconds(r.Elapsed), Interrupted: r.Interrupted,
		Sent: r.Sent, OK: r.OK, Failed: r.Failed(), Cut: r.Cut, Throughput: r.Throughput, BytesOut: r.BytesOut,
		Statuses: r.Statuses, Errors: errors, Latency: inMilliseconds(r.Latency), Service: inMilliseconds(r.Service),
		Slow: r.Slow, SlowShare: r.SlowShare(),
	}
}

func inMilliseconds(l delivery.Latencies) latencies {
	return latencies{
		Samples: l.Samples,
		Min:     milliseconds(l.Min), Mean: milliseconds(l.Mean), P50: milliseconds(l.P50), P90: milliseconds(l.P90),
		P95: milliseconds(l.P95), P99: milliseconds(l.P99), Max: milliseconds(l.Max),
	}
}

// size writes a number of bytes for a person.
func size(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
	case bytes < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	default:
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	}
}
