package tunnel

import (
	"context"
	"time"
)

const (
	stableAfter  = time.Minute // a link that holds for so long makes earlier failures forgotten
	firstBackoff = 500 * time.Millisecond
	lastBackoff  = 30 * time.Second
)

// keep watches the link and replaces it when it is lost, until it can't or ctx ends.
func (s *session) keep(ctx context.Context) error {
	attempts := 0
	for {
		lost := s.watch(ctx)
		_ = s.link.Close()
		if err := ctx.Err(); err != nil {
			return err
		}
		if time.Since(s.since) >= stableAfter {
			attempts = 0
		}
		link, err := s.restore(ctx, lost, &attempts)
		if err != nil {
			return err
		}
		s.adopt(link)
	}
}

// restore connects until it succeeds, or it is no use, or ctx ends.
func (s *session) restore(ctx context.Context, lost error, attempts *int) (Link, error) {
	began := time.Now()
	for err := lost; ; {
		wait := backoff(*attempts, s.options.Rand())
		if time.Since(began)+wait > s.options.GiveUp {
			return nil, &LostError{Attempts: *attempts, After: time.Since(began), Err: err}
		}
		*attempts++
		s.tell(Status{State: StateReconnecting, Attempt: *attempts, Wait: wait, Err: err})
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
		var link Link
		if link, err = s.connect(ctx); err == nil {
			return link, nil
		}
		if ctx.Err() != nil || isPermanent(err) {
			return nil, err
		}
	}
}

// backoff is the delay before an attempt: at random up to a bound that doubles, so that those who lost the same server
// don't come back all at once.
func backoff(failures int, random float64) time.Duration {
	bound := lastBackoff
	if failures < 6 {
		bound = min(firstBackoff<<failures, lastBackoff)
	}
	return time.Duration(random * float64(bound))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
