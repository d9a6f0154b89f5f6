package delivery

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Report is what a load run found. Every request is signed on its own and counted once.
type Report struct {
	Started time.Time
	Elapsed time.Duration
	// Interrupted tells that the context ended the run; Cut is how many requests were under way and not waited for.
	Interrupted bool
	Cut         int64

	Sent, OK int64 // Sent counts whatever came of a request, OK those answered by 2xx
	Statuses map[int]int64
	Errors   map[Kind]int64 // requests without a whole answer
	// First is one of the earliest failures, to explain the rest; nil when there was none.
	First error

	// Throughput is answers of any status in a second.
	Throughput float64
	// Latency is what a sender at the rate of the plan has to wait: from when a request was due, even if it could not be sent
	// then, to the end of its answer. Service runs from when it was really sent. Without a rate the two are the same. Both
	// count answers of any status and timeouts.
	Latency, Service Latencies
	// Slow is how many took longer than [SlowAfter] to be answered, or were not answered in time.
	Slow int64
	// BytesOut is the size of all bodies sent.
	BytesOut int64
}

// Latencies sum up a distribution, each to three significant digits. The zero value stands for no sample.
type Latencies struct {
	Samples                            int64
	Min, Mean, P50, P90, P95, P99, Max time.Duration
}

// Failed is how many requests were not answered by 2xx.
func (r Report) Failed() int64 { return r.Sent - r.OK }

// SlowShare is Slow as a share of Sent, from 0 to 1.
func (r Report) SlowShare() float64 {
	if r.Sent == 0 {
		return 0
	}
	return float64(r.Slow) / float64(r.Sent)
}

func (s *score) report(started time.Time, elapsed time.Duration) Report {
	report := Report{
		Started:  started,
		Elapsed:  elapsed,
		Cut:      s.cut.Load(),
		Statuses: map[int]int64{},
		Errors:   map[Kind]int64{},
	}
	service, latency := newHistogram(), newHistogram()
	var answered int64
	for i := range s.parts {
		p := &s.parts[i]
		report.Sent += p.sent
		report.OK += p.ok
		report.Slow += p.slow
		report.BytesOut += p.bytes
		for status, n := range p.statuses {
			report.Statuses[status] += n
			answered += n
		}
		for kind, n := range p.kinds {
			report.Errors[kind] += n
		}
		if report.First == nil {
			report.First = p.first
		}
		service.Merge(p.service)
		latency.Merge(p.latency)
	}
	report.Service, report.Latency = summary(service), summary(latency)
	if elapsed > 0 {
		report.Throughput = float64(answered) / elapsed.Seconds()
	}
	return report
}

func summary(h *hdrhistogram.Histogram) Latencies {
	if h.TotalCount() == 0 {
		return Latencies{}
	}
	at := func(percentile float64) time.Duration {
		return time.Duration(h.ValueAtPercentile(percentile)) * time.Microsecond
	}
	return Latencies{
		Samples: h.TotalCount(),
		Min:     time.Duration(h.Min()) * time.Microsecond,
		Mean:    time.Duration(h.Mean() * float64(time.Microsecond)),
		P50:     at(50),
		P90:     at(90),
		P95:     at(95),
		P99:     at(99),
		Max:     time.Duration(h.Max()) * time.Microsecond,
	}
}
