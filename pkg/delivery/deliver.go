package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Delivery is what came of a message: its attempts, of which only the last can have succeeded.
type Delivery struct {
	Message  Message
	Attempts []Attempt // never empty
	// Interrupted is the error of the context, wrapped, when that ended the delivery.
	Interrupted error
}

// Last is the attempt that decided.
func (d Delivery) Last() Attempt { return d.Attempts[len(d.Attempts)-1] }

// OK reports whether the endpoint took the event in the end.
func (d Delivery) OK() bool { return d.Err() == nil }

// Err is nil when the event was delivered, Interrupted when the context ended first, and otherwise the Err of the last
// attempt.
func (d Delivery) Err() error {
	if d.Interrupted != nil {
		return d.Interrupted
	}
	return d.Last().Err
}

// Observer is told how a delivery goes on, from the goroutine of Deliver, which waits for it. The zero value is told nothing.
type Observer struct {
	// Sending is told of an attempt when its request is about to leave: its Number, Request and Started are known then.
	Sending func(Attempt)
	// Ended is told of it when it has ended, with the wait that follows in [Attempt.Next].
	Ended func(Attempt)
}

// Deliver sends a message and, while it fails, sends it again as the policy says. A 410 ends it at once, as does the end of
// ctx, also during a wait. Each attempt signs anew and leaves the body as it is.
//
// A policy that [Policy.Check] refuses sends nothing: its error is that of the only attempt, of which nobody is told.
func (c *Client) Deliver(ctx context.Context, m Message, p Policy, observer Observer) Delivery {
	delivery := Delivery{Message: m}
	if err := p.Check(); err != nil {
		delivery.Attempts = []Attempt{{Number: 1, Started: c.now(), Err: err}}
		return delivery
	}
	for number := 1; ; number++ {
		attempt := c.attempt(ctx, m, number, observer.Sending)
		attempt.Next = p.next(attempt, c.now())
		delivery.Attempts = append(delivery.Attempts, attempt)
		if observer.Ended != nil {
			observer.Ended(attempt)
		}
		if attempt.Next == nil {
			if interrupted(attempt.Err) {
				delivery.Interrupted = attempt.Err
			}
			return delivery
		}
		if err := sleep(ctx, attempt.Next.Sleep); err != nil {
			delivery.Interrupted = fmt.Errorf("delivery interrupted after attempt %d: %w", number, err)
			return delivery
		}
	}
}

// interrupted tells the end of the context from a timeout of the attempt, which holds the same kind of error.
func interrupted(err error) bool {
	ended := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	return ended && !byEndpoint(err)
}

// byEndpoint tells the failures that another attempt may mend.
func byEndpoint(err error) bool { return isA[*StatusError](err) || isA[*UnreachableError](err) }

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
