package probe

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// stage tries the cases of one stage, so many at once, and then sends the control. A refusal counts as one only if valid
// events are accepted before and after it, and what went wrong is sent again by itself before it counts.
func (r *run) stage(ctx context.Context, stage stage, width int) {
	cases := r.of(stage)
	if len(cases) == 0 {
		return
	}
	if r.broken != "" || ctx.Err() != nil {
		r.giveUp(ctx, cases)
		return
	}
	results := make([]Result, len(cases))
	each(cases, width, func(i int, c Case) {
		if width == 1 && r.broken != "" {
			results[i] = inconclusive(c, r.broken)
			return
		}
		results[i] = r.try(ctx, c)
		if width == 1 && unanswered(results[i]) {
			r.revive(ctx, "nothing has been answered since "+c.ID)
		}
	})
	locked := r.closing(ctx, results)
	if ctx.Err() != nil {
		r.broken = ReasonInterrupted
	}
	alive := r.broken == ""
	for i, result := range results {
		if alive && deservesAnotherTry(result) && ctx.Err() == nil {
			results[i] = r.tryAgain(ctx, result)
		}
	}
	for _, result := range results {
		if result = r.weigh(result, results); locked && result.Verdict == Passed && result.Case.want != wantAccepted {
			result = inconclusive(result.Case, lockedOut).with(result.Exchanges...)
		}
		r.decide(result)
	}
}

const lockedOut = "a plain valid event was no longer accepted after these cases: something may lock out who sends bad requests"

// closing sends the control that closes a stage. An endpoint that does not accept it may come back; but if it answered, and
// refused, it may have refused what came before for the same reason.
func (r *run) closing(ctx context.Context, results []Result) (locked bool) {
	if r.broken != "" {
		return false
	}
	e := r.sendControl(ctx)
	if accepted(e) {
		return false
	}
	r.revive(ctx, downSince(results))
	return e.Err == nil
}

// giveUp leaves cases without a verdict.
func (r *run) giveUp(ctx context.Context, cases []Case) {
	reason := r.broken
	if ctx.Err() != nil {
		reason = ReasonInterrupted
	}
	for _, c := range cases {
		r.decide(inconclusive(c, reason))
	}
}

func (r *run) try(ctx context.Context, c Case) Result {
	e := r.send(ctx, func() draft { return c.make(r.sheet(c.ID, r.carrier)) })
	if c.want == wantAccepted && !strings.HasPrefix(c.ID, "http.") {
		r.timed(e)
	}
	return judge(c, e)
}

// tryAgain sends a failed case once more, with nothing beside it. A failure that does not come again is none of the case.
func (r *run) tryAgain(ctx context.Context, first Result) Result {
	if !r.mayDoMore() {
		return first
	}
	second := r.try(ctx, first.Case)
	if second.Verdict == Passed {
		second.Warning = "not at the first time: " + first.Reason
	}
	second.Exchanges = append(first.Exchanges, second.Exchanges...)
	if unanswered(second) {
		r.revive(ctx, "nothing has been answered since "+first.Case.ID)
	}
	return second
}

// deservesAnotherTry tells the failures that may have come about by accident. A forgery that was accepted is none, and half a
// minute without an answer is not made any better by another one.
func deservesAnotherTry(result Result) bool {
	return result.Verdict == Failed && result.Fault != FaultAccepted && !endedBy(result, delivery.KindTimeout)
}

func unanswered(result Result) bool {
	return result.Verdict == Failed && result.Fault == FaultNoAnswer
}

// control sends a plain valid event and tells whether it was accepted.
func (r *run) control(ctx context.Context) bool { return accepted(r.sendControl(ctx)) }

func (r *run) sendControl(ctx context.Context) Exchange {
	e := r.send(ctx, func() draft { s := r.sheet("control", r.carrier); return s.signed(s.body()) })
	r.timed(e)
	return e
}

func accepted(e Exchange) bool { return e.Err == nil && e.Status/100 == 2 }

// revive gives an endpoint that no longer accepts the control a few seconds to come back, as one does that is restarted.
// If it does not, nothing can be concluded from then on.
func (r *run) revive(ctx context.Context, reason string) {
	const times = 3
	for range times {
		if !r.mayDoMore() {
			break
		}
		if r.control(ctx) {
			return
		}
		if sleep(ctx, briefPause) != nil {
			break
		}
	}
	r.broken = reason
}

// downSince says since when a control has not been accepted, after several cases at once.
func downSince(results []Result) string {
	var silent []string
	for _, result := range results {
		if unanswered(result) {
			silent = append(silent, result.Case.ID)
		}
	}
	if len(silent) > 0 {
		return "nothing has been answered since " + strings.Join(silent, ", ")
	}
	return lockedOut
}

// weigh turns what the answers say by themselves into a verdict, given what is known of the control and the clock.
func (r *run) weigh(result Result, all []Result) Result {
	switch {
	case result.Case.edge && result.Verdict == Failed && r.skew.Abs() > clockDoubt:
		return inconclusive(result.Case, "the endpoint's clock and the one here are "+seconds(r.skew.Abs())+" apart").with(result.Exchanges...)
	case result.Verdict == Inconclusive || result.Verdict == Failed && result.Fault == FaultAccepted:
		return result
	case cutOff(result):
		return inconclusive(result.Case, ReasonInterrupted).with(result.Exchanges...)
	case result.Case.fast && endedBy(result, delivery.KindReset):
		return inconclusive(result.Case, "the connection was closed while the body was on its way, so that no status could be read").with(result.Exchanges...)
	case r.broken == "" || result.Case.want == wantAccepted && result.Verdict == Passed:
		return result
	case unanswered(result) && soleSilent(all):
		result.Reason += "; nothing has been answered since"
		return result
	}
	return inconclusive(result.Case, r.broken).with(result.Exchanges...)
}

// cutOff tells whether the last request of a case was ended by the context.
func cutOff(result Result) bool {
	last, ok := result.Last()
	_, unreachable := errors.AsType[*delivery.UnreachableError](last.Err)
	return ok && last.Err != nil && !unreachable
}

// endedBy tells in which way the last request of a case got no answer.
func endedBy(result Result, kind delivery.Kind) bool {
	last, _ := result.Last()
	unreachable, ok := errors.AsType[*delivery.UnreachableError](last.Err)
	return ok && unreachable.Kind == kind
}

// clockDoubt is how far two clocks may differ before the cases at the edge of the tolerance say nothing.
const clockDoubt = 20 * time.Second

// soleSilent tells whether one case alone got no answer, so that it is to blame for what followed.
func soleSilent(all []Result) bool {
	silent := 0
	for _, result := range all {
		if unanswered(result) {
			silent++
		}
	}
	return silent == 1
}
