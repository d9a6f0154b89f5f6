package probe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// run is one check under way.
type run struct {
	prober  *Prober
	report  Report
	observe func(Progress)

	wire    *wire
	form    form
	carrier int           // the event that all cases are made of
	skew    time.Duration // of the endpoint's clock, as far as its answers tell
	seen    look
	serial  atomic.Int64 // of ids
	extra   atomic.Int64 // requests left beyond those planned

	mu        sync.Mutex
	sent      int // requests
	results   map[string]Result
	latencies []time.Duration
	timeouts  int

	// broken is why nothing can be concluded any more; empty while the control is accepted.
	broken string
}

// Progress is how far a run is.
type Progress struct {
	Requests int // that were answered, or given up
}

// Run tries every case of the plan. After each request observe is told how far the run is, one at a time; nil observes
// nothing. When ctx ends, the cases that were not decided are inconclusive and the report says so.
func (p *Prober) Run(ctx context.Context, observe func(Progress)) Report {
	plan := p.Plan()
	r := &run{prober: p, wire: p.wire, observe: observe, results: map[string]Result{}}
	r.extra.Store(int64(plan.Max - plan.Requests))
	r.report = Report{Endpoint: p.url.String(), IDPrefix: plan.IDPrefix, Started: p.now()}
	begun := time.Now()

	r.gate(ctx)
	r.stage(ctx, stageAccept, p.options.Concurrency)
	r.stage(ctx, stageRefuse, p.options.Concurrency)
	r.stage(ctx, stageRisky, 1)
	r.repeat(ctx)
	r.end(ctx)
	r.derive()

	if ctx.Err() != nil {
		r.report.Interrupted = ctx.Err()
	}
	for _, c := range p.cases {
		r.report.Results = append(r.report.Results, r.results[c.ID])
	}
	r.report.Network, r.report.Latency = r.seen.found(), r.latency()
	r.report.Requests, r.report.Elapsed = r.sent, time.Since(begun)
	return r.report
}

// of gives the selected cases that have their turn in a stage.
func (r *run) of(stage stage) []Case {
	return slices.DeleteFunc(slices.Clone(r.prober.cases), func(c Case) bool { return c.stage != stage })
}

func (r *run) decide(result Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results[result.Case.ID] = result
}

// sheet writes on an event of its own, whose id names the case.
func (r *run) sheet(name string, event int) *sheet {
	p := r.prober
	base := r.form.base(p.options.Events[event].Body)
	return &sheet{
		client: p.client, secret: p.options.Secret, form: r.form, now: p.now(),
		event: withID(base, r.id(name)),
	}
}

func (r *run) id(name string) string {
	name = strings.ReplaceAll(name, ".", "_")
	return fmt.Sprintf("%s%s_%s_%d", EventPrefix, r.prober.label, name, r.serial.Add(1))
}

const (
	longestPause = 5 * time.Second
	briefPause   = time.Second
)

// send makes one exchange. What is turned away for its rate is sent once more, after the pause that was asked for.
func (r *run) send(ctx context.Context, write func() draft) Exchange {
	e := r.sendOnce(ctx, write())
	if e.Err != nil || !limited(e) || !r.mayDoMore() {
		return e
	}
	pause := briefPause
	if asked, err := time.ParseDuration(e.Header.Get("Retry-After") + "s"); err == nil && asked > 0 {
		pause = asked
	}
	if pause > longestPause || sleep(ctx, pause) != nil {
		return e
	}
	return r.sendOnce(ctx, write())
}

func (r *run) sendOnce(ctx context.Context, d draft) Exchange {
	e := r.wire.exchange(ctx, d, nil)
	r.note(e)
	return e
}

// note counts a request, and takes from its answer what it tells beside the case.
func (r *run) note(e Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent++
	if r.observe != nil {
		r.observe(Progress{Requests: r.sent})
	}
	if date, err := http.ParseTime(e.Header.Get("Date")); err == nil && e.Duration < delivery.SlowAfter {
		r.skew = date.Sub(e.Started)
	}
}

// mayDoMore takes one of the requests beyond those planned.
func (r *run) mayDoMore() bool { return r.extra.Add(-1) >= 0 }

// timed keeps how long a valid event took.
func (r *run) timed(e Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	unreachable, ok := errors.AsType[*delivery.UnreachableError](e.Err)
	switch {
	case ok && unreachable.Kind == delivery.KindTimeout:
		r.timeouts++
	case e.Err == nil && e.Status/100 == 2:
		r.latencies = append(r.latencies, e.Duration)
	}
}

// each runs do for every item, so many at once. It always runs all: once ctx has ended, each ends at once.
func each[T any](items []T, width int, do func(int, T)) {
	var group errgroup.Group
	group.SetLimit(max(1, width))
	for i, item := range items {
		group.Go(func() error {
			do(i, item)
			return nil
		})
	}
	_ = group.Wait()
}
