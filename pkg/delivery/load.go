package delivery

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const grace = 2 * time.Second // for requests under way when the context ends

// Load sends what source makes as the plan says, each message once and signed on its own, and reports.
//
// Requests under way when the plan is fulfilled are waited for. When ctx ends, no more are begun and those under way get two
// seconds; what is cut off then counts as neither sent nor failed. The report up to there is returned in either case; the
// error is that of the plan, of the source or of signing, not that of the endpoint or of ctx.
//
// While the run lasts progress is told how far it is, ten times a second and at the end, from one goroutine at a time; nil
// asks for nothing.
func (c *Client) Load(ctx context.Context, p Plan, source Source, progress func(Progress)) (Report, error) {
	if err := p.Check(); err != nil {
		return Report{}, err
	}
	run := &run{client: c, plan: p, source: source, begun: time.Now(), score: newScore()}
	started := c.now()

	begin := ctx
	if p.Duration > 0 {
		var cancel context.CancelFunc
		begin, cancel = context.WithTimeout(ctx, p.Duration)
		defer cancel()
	}
	flight, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer context.AfterFunc(ctx, func() {
		_ = sleep(flight, grace)
		cut()
	})()

	stopTicking := run.tick(progress)
	workers, begin := errgroup.WithContext(begin)
	for range p.workers() {
		workers.Go(func() error { return run.work(begin, flight) })
	}
	err := workers.Wait()
	stopTicking()
	if errors.Is(err, io.EOF) {
		err = nil
	}
	report := run.score.report(started, time.Since(run.begun))
	report.Interrupted = ctx.Err() != nil
	return report, err
}

// run is one load run under way.
type run struct {
	client *Client
	plan   Plan
	source Source
	begun  time.Time
	taken  atomic.Int64 // numbers given out
	score  *score
}

// work sends until the plan is fulfilled or begin ends. An error stops the whole run.
func (r *run) work(begin, flight context.Context) error {
	lane := r.client.openLane(flight, r.plan)
	defer lane.close()
	for {
		due, more := r.turn(begin)
		if !more {
			return nil
		}
		message, err := r.source(begin)
		if err != nil && begin.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		sealed, err := r.client.seal.seal(message.Body, r.client.now())
		if err != nil {
			return err
		}
		if !r.send(flight, lane, sealed, due) {
			return nil
		}
	}
}

// send makes one exchange and scores it; false means that it was cut off.
func (r *run) send(flight context.Context, lane lane, s sealed, due time.Time) bool {
	sent := time.Now()
	status, err := lane.exchange(flight, s)
	now := time.Now()
	if err != nil && flight.Err() != nil {
		r.score.cut.Add(1)
		return false
	}
	result := outcome{status: status, service: now.Sub(sent), size: len(s.body)}
	result.latency = result.service
	if r.plan.Rate > 0 {
		result.latency = now.Sub(due)
	}
	switch {
	case err != nil:
		result.err = r.client.failure(flight, err, result.service)
	case status < 200 || status > 299:
		result.err = r.client.verdict(answer{status: status})
	}
	r.score.add(result)
	return true
}

// turn waits until the next message is due. Whoever is behind the rate catches up without a wait.
func (r *run) turn(begin context.Context) (due time.Time, more bool) {
	number := r.taken.Add(1) - 1
	if begin.Err() != nil || r.plan.Count > 0 && number >= int64(r.plan.Count) {
		return time.Time{}, false
	}
	if r.plan.Rate == 0 {
		return time.Time{}, true
	}
	due = r.begun.Add(r.plan.due(number))
	if wait := time.Until(due); wait > 0 && sleep(begin, wait) != nil {
		return time.Time{}, false
	}
	return due, true
}
