package cmd

import (
	"context"
	"errors"
	"net/http"
	"path"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/metrics"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

// intake is what happens to each received request between its judging and its answer: it is shown, kept, handed on to the
// servers behind, and counted. It is safe for concurrent use.
type intake struct {
	life         context.Context // outlives the senders, and ends when draining has to
	now          func() time.Time
	desk         *desk
	store        *keeper
	events       []string // patterns of the types that are shown and handed on; none for all
	play         *play
	forwarder    *forward.Forwarder // nil when there is no server behind
	replayer     *forward.Forwarder // for what is handed on once more
	ackNow       bool
	requireValid bool
	expected     *assertion
	meter        *metrics.Meter // nil when nobody asks

	behind sync.WaitGroup // what goes on after the answer
	under  atomic.Int64   // requests, and what goes on behind them
}

// waiting is how much is under way.
func (i *intake) waiting() int64 { return i.under.Load() }

// handle is the receiver's Handle. The sender may leave before it is through; what was received is handled all the same.
func (i *intake) handle(ctx context.Context, r *receiver.Receipt) {
	got := view.Reception{Receipt: *r, Filtered: !i.takes(string(r.Event.Type)), Tunnelled: ctx.Value(tunnelled{}) != nil}
	i.under.Add(1)
	defer i.under.Add(-1)
	accepted := got.Status == http.StatusOK
	i.desk.arrived(got)
	run := i.answer(&got)
	i.play.wait(i.life)
	got.Duration = i.now().Sub(got.Request.Time)
	i.desk.answered(got)
	i.count(got, accepted)
	if run != nil {
		i.under.Add(1)
		i.behind.Go(func() {
			defer i.under.Add(-1)
			i.follow(got, run)
		})
	}
	*r = got.Receipt
}

// tunnelled marks the context of requests that came through a tunnel.
type tunnelled struct{}

// fromTunnel is the handler for what comes through a tunnel.
func (i *intake) fromTunnel(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), tunnelled{}, true)))
	})
}

func (i *intake) takes(eventType string) bool {
	for _, pattern := range i.events {
		if matched, err := path.Match(pattern, eventType); matched && err == nil {
			return true
		}
	}
	return len(i.events) == 0
}

// answer decides what the sender is told, and keeps the request first. The run that it may return goes on.
func (i *intake) answer(got *view.Reception) *forward.Run {
	if got.Status == http.StatusOK {
		i.play.respond(got)
	}
	if !i.handsOn(got) {
		i.keep(got, true)
		return nil
	}
	if !i.keep(got, false) {
		return nil
	}
	run := i.forwarder.Start(i.life, forward.Delivery{Request: got.Request, Type: string(got.Event.Type), ID: got.Event.ID})
	if i.ackNow {
		if run.Refused() != nil {
			got.Postpone(queueFull)
		}
		i.update(got, history.Change{Answer: answerOf(got.Receipt)})
		return run
	}
	first := run.First()
	if first.Target == "" { // no route takes it
		i.update(got, history.Change{Answer: answerOf(got.Receipt)})
		return nil
	}
	got.Answers = []forward.Answer{first}
	passOn(&got.Receipt, first)
	got.Duration = i.now().Sub(got.Request.Time)
	i.update(got, history.Change{Answer: answerOf(got.Receipt)})
	return run
}

// handsOn tells whether a request goes to the servers behind: it must be whole, and nothing else have answered it.
func (i *intake) handsOn(got *view.Reception) bool {
	return i.forwarder != nil && got.Judged && !got.Filtered && !got.Played && (got.Verified || !i.requireValid)
}

// close ends what an intake works with.
func (i *intake) close() error {
	for _, forwarder := range []*forward.Forwarder{i.forwarder, i.replayer} {
		if forwarder != nil {
			forwarder.Close()
		}
	}
	return i.store.Close()
}

const queueFull = "too many deliveries wait for the server behind"

// passOn answers with what the first server behind answered. Why there is no answer is for this side alone: it may name
// addresses that are no business of a sender.
func passOn(r *receiver.Receipt, first forward.Answer) {
	unreachable, failed := errors.AsType[*delivery.UnreachableError](first.Err)
	switch {
	case first.Err == nil:
		r.Status, r.Header, r.Answer = first.Status, first.Header, first.Body
	case errors.Is(first.Err, forward.ErrQueueFull):
		r.Postpone(queueFull)
	case errors.Is(first.Err, forward.ErrDropped), failed && unreachable.Kind == delivery.KindTimeout:
		r.Refuse(http.StatusGatewayTimeout, "the server behind did not answer in time")
	case failed && first.Status != 0:
		r.Refuse(http.StatusBadGateway, "the server behind broke off its answer")
	case failed:
		r.Refuse(http.StatusBadGateway, "the server behind cannot be reached")
	default:
		r.Postpone("the delivery was interrupted")
	}
}

// follow waits for the servers that had not answered yet.
func (i *intake) follow(got view.Reception, run *forward.Run) {
	answers := run.Wait().Answers
	var attempts []history.Forward
	for _, answer := range answers {
		attempts = append(attempts, forwardOf(answer))
		if i.meter != nil && answer.Attempts > 0 {
			i.meter.Forwarded(answer.Target, answer.Status, answer.Duration)
		}
	}
	i.update(&got, history.Change{Forwards: attempts})
	shown := len(got.Answers) // went with the answer to the sender
	i.desk.followed(got, answers, answers[min(shown, len(answers)):])
}

// count takes a request into account where sums are kept.
func (i *intake) count(got view.Reception, accepted bool) {
	if accepted && !got.Duplicate && !got.Postponed() {
		i.expected.add(string(got.Event.Type))
	}
	if i.meter != nil {
		i.meter.Received(metrics.Delivery{
			Type: string(got.Event.Type), Verdict: got.Verdict(), Duplicate: got.Duplicate, Status: got.Status,
			Arrived: got.Request.Time, Duration: got.Duration,
		})
	}
}
