package delivery

import (
	"testing"
	"time"
)

// TestPercentilesAreThoseOfAllParts spreads a known distribution over the parts that workers count in.
func TestPercentilesAreThoseOfAllParts(t *testing.T) {
	score := newScore()
	for ms := 1; ms <= 1000; ms++ {
		d := time.Duration(ms) * time.Millisecond
		score.add(outcome{status: 200, service: d, latency: 2 * d, size: 10})
	}
	score.add(outcome{err: &UnreachableError{Kind: KindRefused}, service: time.Hour, latency: time.Hour})
	report := score.report(time.Time{}, 10*time.Second)
	if report.Sent != 1001 || report.OK != 1000 || report.Failed() != 1 || report.BytesOut != 10_000 || report.Throughput != 100 {
		t.Errorf("got %+v", report)
	}
	for name, tt := range map[string]struct{ got, want time.Duration }{
		"min":         {report.Service.Min, time.Millisecond},
		"mean":        {report.Service.Mean, 500500 * time.Microsecond},
		"p50":         {report.Service.P50, 500 * time.Millisecond},
		"p90":         {report.Service.P90, 900 * time.Millisecond},
		"p95":         {report.Service.P95, 950 * time.Millisecond},
		"p99":         {report.Service.P99, 990 * time.Millisecond},
		"max":         {report.Service.Max, time.Second},
		"latency p95": {report.Latency.P95, 1900 * time.Millisecond},
	} {
		if off := (tt.got - tt.want).Abs(); off > tt.want/1000 {
			t.Errorf("%s: got %v, want %v", name, tt.got, tt.want)
		}
	}
}

func TestLatenciesBeyondTheHistogramAreKeptAtItsEnds(t *testing.T) {
	score := newScore()
	score.add(outcome{status: 200})
	score.add(outcome{status: 200, service: 48 * time.Hour, latency: 48 * time.Hour})
	report := score.report(time.Time{}, time.Second)
	if report.Latency.Samples != 2 || report.Latency.Min != time.Microsecond || report.Latency.Max < time.Hour {
		t.Errorf("got %+v", report.Latency)
	}
}

func TestAReportOfNothingIsEmpty(t *testing.T) {
	report := newScore().report(time.Time{}, 0)
	if report.Sent != 0 || report.Throughput != 0 || report.SlowShare() != 0 || report.Latency != (Latencies{}) {
		t.Errorf("got %+v", report)
	}
}
