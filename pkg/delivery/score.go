package delivery

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// outcome is one request of a load run. Service runs from when it was sent, latency from when it was due.
type outcome struct {
	status           int
	service, latency time.Duration
	size             int
	err              error // nil, *StatusError, *RedirectError or *UnreachableError
}

// score counts outcomes. It is cut into parts, so that workers seldom meet at one lock.
type score struct {
	parts [16]part
	turn  atomic.Uint64
	cut   atomic.Int64
}

type part struct {
	mu               sync.Mutex
	sent, ok, slow   int64
	bytes            int64
	statuses         map[int]int64
	kinds            map[Kind]int64
	first            error
	service, latency *hdrhistogram.Histogram
}

// Latencies are kept in microseconds up to an hour, with three significant digits.
const (
	shortest = 1
	longest  = int64(time.Hour / time.Microsecond)
	digits   = 3
)

func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(shortest, longest, digits) }

func newScore() *score {
	s := &score{}
	for i := range s.parts {
		s.parts[i] = part{
			statuses: map[int]int64{},
			kinds:    map[Kind]int64{},
			service:  newHistogram(),
			latency:  newHistogram(),
		}
	}
	return s
}

func (s *score) add(o outcome) {
	p := &s.parts[s.turn.Add(1)%uint64(len(s.parts))]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
	p.bytes += int64(o.size)
	if o.err == nil {
		p.ok++
	} else if p.first == nil {
		p.first = o.err
	}
	var unreachable *UnreachableError
	if errors.As(o.err, &unreachable) {
		p.kinds[unreachable.Kind]++
		// A connection that was refused at once says nothing about how fast the endpoint is.
		if unreachable.Kind != KindTimeout {
			return
		}
	} else {
		p.statuses[o.status]++
	}
	if o.service > SlowAfter {
		p.slow++
	}
	record(p.service, o.service)
	record(p.latency, o.latency)
}

func record(h *hdrhistogram.Histogram, d time.Duration) {
	// It fails only beyond its bounds, which are kept here.
	_ = h.RecordValue(min(max(d.Microseconds(), shortest), longest))
}

func (s *score) count() (sent, ok int64) {
	for i := range s.parts {
		p := &s.parts[i]
		p.mu.Lock()
		sent, ok = sent+p.sent, ok+p.ok
		p.mu.Unlock()
	}
	return sent, ok
}
