package cmd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// runDeliveries sends each event and shows it as it goes; with more than one, a summary ends the run.
func runDeliveries(ctx context.Context, a *app, opts sendOptions, client *delivery.Client, source *payloadSource) error {
	policy, err := opts.retry.policy(opts.payload.random())
	if err != nil {
		return err
	}
	round := &round{
		app: a, client: client, policy: policy, try: opts.try, timeScale: opts.retry.timeScale,
		lanes: make(chan struct{}, opts.load.concurrency),
		tally: tally{begun: a.env.Now()},
	}
	round.tally.keep(round.deliverAll(ctx, source))
	summary := round.tally.summary(a.env.Now(), source.total*opts.try.duplicate)
	if summary.Events > 1 {
		round.tally.keep(a.view.Deliveries(summary))
	}
	opts.try.warn(a, int64(summary.Delivered))
	return round.tally.verdict(ctx, opts.try.spoiled())
}

// round is one run over several events.
type round struct {
	app       *app
	client    *delivery.Client
	policy    delivery.Policy
	try       tryFlags
	timeScale float64
	lanes     chan struct{} // one place for each delivery that may be under way
	tally     tally
}

// deliverAll begins the deliveries in order. With one lane each ends before the next begins, so their order is kept.
func (r *round) deliverAll(ctx context.Context, source *payloadSource) error {
	var running sync.WaitGroup
	defer running.Wait()
	for planned, err := range source.events {
		if err != nil {
			return err
		}
		if planned.Wait > 0 {
			running.Wait()
			scaled := time.Duration(float64(planned.Wait) * r.timeScale)
			r.app.view.Waiting(planned.Wait, scaled)
			if err := wait(ctx, scaled); err != nil {
				return err
			}
		}
		for range r.try.duplicate {
			r.lanes <- struct{}{}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			running.Go(func() {
				r.deliver(ctx, message(planned.Payload))
				<-r.lanes
			})
		}
	}
	return nil
}

func (r *round) deliver(ctx context.Context, m delivery.Message) {
	r.tally.add(r.client.Deliver(ctx, m, r.policy, delivery.Observer{
		Sending: func(attempt delivery.Attempt) { r.tally.keep(r.app.view.Sending(m, attempt)) },
		Ended:   func(attempt delivery.Attempt) { r.tally.keep(r.app.view.Attempt(m, attempt)) },
	}))
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tally is what has come of a run's deliveries so far.
type tally struct {
	begun time.Time

	mu                          sync.Mutex
	delivered, failed, attempts int
	durations                   []time.Duration
	worst                       error // of the failed deliveries, the one whose exit code counts
	broken                      error // what went wrong on this side
}

func (t *tally) keep(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.broken == nil {
		t.broken = err
	}
}

func (t *tally) add(outcome delivery.Delivery) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.attempts += len(outcome.Attempts)
	for _, attempt := range outcome.Attempts {
		if attempt.Status != 0 { // a refused connection says nothing about how fast the endpoint is
			t.durations = append(t.durations, attempt.Duration)
		}
	}
	err := outcome.Err()
	switch {
	case err == nil:
		t.delivered++
		return
	case outcome.Interrupted != nil:
		return
	}
	t.failed++
	if _, unreachable := errors.AsType[*delivery.UnreachableError](err); t.worst == nil || unreachable {
		t.worst = err
	}
}

func (t *tally) summary(now time.Time, total int) view.Deliveries {
	return view.Deliveries{
		Events: total, Delivered: t.delivered, Failed: t.failed, Attempts: t.attempts,
		Elapsed: now.Sub(t.begun), Durations: t.durations,
	}
}

// verdict is the error of the run: what went wrong here, an interruption, or the worst that came of a delivery.
func (t *tally) verdict(ctx context.Context, spoiled string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if t.broken != nil || t.worst == nil {
		return t.broken
	}
	return &deliveryError{err: t.worst, failed: t.failed, total: t.failed + t.delivered, spoiled: spoiled}
}

// deliveryError is the failure of one delivery, or of several with the worst of them.
type deliveryError struct {
	err           error
	failed, total int
	spoiled       string // what was wrong with the deliveries on purpose
}

func (e *deliveryError) Error() string {
	if e.total == 1 {
		return e.err.Error()
	}
	return fmt.Sprintf("%d of %d deliveries failed: %v", e.failed, e.total, e.err)
}

func (e *deliveryError) Unwrap() error { return e.err }

// refusedAsItShould tells whether the endpoint refused what had been spoiled on purpose.
func (e *deliveryError) refusedAsItShould() bool {
	status, ok := errors.AsType[*delivery.StatusError](e.err)
	return ok && e.spoiled != "" && (status.Status == http.StatusUnauthorized || status.Status == http.StatusForbidden || status.Status == http.StatusBadRequest)
}

// random gives the numbers for jitter, the same ones in every run with the same seed.
func (p *payloadFlags) random() func() float64 {
	if p.seed.value == nil {
		return nil
	}
	var mu sync.Mutex
	source := rand.New(rand.NewPCG(*p.seed.value, 0))
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return source.Float64()
	}
}
