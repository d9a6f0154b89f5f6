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
	tally := &tally{begun: a.env.Now()}
	total := source.total * opts.try.duplicate
	lanes := make(chan struct{}, opts.load.concurrency)
	var running sync.WaitGroup
	deliver := func(message delivery.Message) {
		outcome := client.Deliver(ctx, message, policy, func(attempt delivery.Attempt) {
			tally.keep(a.view.Attempt(message, attempt))
		})
		tally.add(outcome)
	}
	for planned, err := range source.events {
		if err != nil {
			tally.keep(err)
			break
		}
		if planned.Wait > 0 {
			a.view.Note("waiting %s", planned.Wait)
			if err := wait(ctx, time.Duration(float64(planned.Wait)*opts.retry.timeScale)); err != nil {
				tally.keep(err)
				break
			}
		}
		for range opts.try.duplicate {
			lanes <- struct{}{}
			running.Go(func() {
				deliver(message(planned.Payload))
				<-lanes
			})
		}
		if opts.load.concurrency == 1 {
			running.Wait()
		}
		if ctx.Err() != nil {
			break
		}
	}
	running.Wait()
	summary := tally.summary(a.env.Now(), total)
	if total > 1 {
		tally.keep(a.view.Deliveries(summary))
	}
	if spoiled := opts.try.spoiled(); spoiled != "" && summary.Delivered > 0 {
		a.view.Warning(fmt.Sprintf("the endpoint accepted %s delivery, which anybody could have sent", spoiled))
	}
	return tally.verdict(ctx, opts.try.spoiled())
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
		t.durations = append(t.durations, attempt.Duration)
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
