package tunnel

import (
	"context"
	"errors"
	"time"
)

const (
	tick        = 5 * time.Second // between two looks at the clock
	pingEvery   = 3               // ticks
	pingTimeout = 10 * time.Second
	asleep      = 10 * time.Second // a jump of the clock by more than this means that the machine slept
	selfRepair  = time.Minute      // how long a link that restores itself is left alone
)

// watch returns why the link was lost, or when ctx ends.
func (s *session) watch(ctx context.Context) error {
	lost := make(chan error, 1)
	link := s.link
	go func() { lost <- link.Wait() }()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	var (
		clock       = newWall(s.options.Now)
		interrupted time.Time
		failures    int
	)
	for ticks := 1; ; ticks++ {
		select {
		case err := <-lost:
			if err == nil {
				err = errLinkEnded
			}
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if failures == 0 && link.URL() != s.told {
			s.ready()
		}
		if slept := clock.jumped(); !slept && ticks%pingEvery != 0 && failures == 0 {
			continue
		}
		err := ping(ctx, link)
		switch {
		case err == nil && failures > 0:
			failures = 0
			s.ready()
		case err == nil:
		case errors.Is(err, ErrInterrupted) && (failures == 0 || time.Since(interrupted) < selfRepair):
			if failures++; failures == 1 {
				interrupted = time.Now()
			}
			s.tell(Status{State: StateReconnecting, Attempt: failures, Err: err})
		default:
			return err
		}
	}
}

// ping doesn't trust the link to keep to its time: on a half-open connection it may wait for ever.
func ping(ctx context.Context, link Link) error {
	ctx, cancel := context.WithTimeoutCause(ctx, pingTimeout, errNoAnswer)
	defer cancel()
	answer := make(chan error, 1)
	go func() { answer <- link.Ping(ctx) }()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// wall notices that the machine was asleep: the wall clock goes on then, while timers stand still.
type wall struct {
	now       func() time.Time
	last      time.Time // wall clock only
	monotonic time.Time
}

func newWall(now func() time.Time) *wall {
	return &wall{now: now, last: now().Round(0), monotonic: time.Now()}
}

func (w *wall) jumped() bool {
	last, monotonic := w.last, w.monotonic
	w.last, w.monotonic = w.now().Round(0), time.Now()
	return w.last.Sub(last)-w.monotonic.Sub(monotonic) > asleep
}
