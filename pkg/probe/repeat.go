package probe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// repeat delivers one event twice, and another one ten times at once.
func (r *run) repeat(ctx context.Context) {
	for _, c := range r.of(stageRepeat) {
		if r.broken != "" || ctx.Err() != nil {
			r.giveUp(ctx, []Case{c})
			continue
		}
		result := r.repeated(ctx, c)
		if result.Verdict == Failed && result.Fault != FaultHandledMore && ctx.Err() == nil && r.mayDoAllAgain() {
			first := result
			if result = r.repeated(ctx, c); result.Verdict == Passed {
				result.Warning = "not at the first time: " + first.Reason
			} else if !r.control(ctx) {
				r.broken = "a plain valid event was no longer accepted after " + c.ID
			}
		}
		r.decide(r.weigh(result, nil))
	}
}

// mayDoAllAgain takes as many requests as another round costs, with the control behind it.
func (r *run) mayDoAllAgain() bool { return r.extra.Add(-repeatRequests-1) >= 0 }

func (r *run) repeated(ctx context.Context, c Case) Result {
	before, err := r.settled(ctx, 0) // those of the events before this case may still be on their way
	if err != nil {
		return inconclusive(c, err.Error())
	}
	one := r.sheet(c.ID, r.carrier)
	result := r.deliveries(ctx, c, one, "", 1, 1)
	if result.Verdict != Passed {
		return result
	}
	middle, err := r.settled(ctx, before+1)
	if err != nil {
		return inconclusive(c, err.Error())
	}
	other := r.sheet(c.ID, r.carrier)
	result = r.deliveries(ctx, c, other, " at the same time", repeats)
	if result.Verdict != Passed {
		return result
	}
	after, err := r.settled(ctx, middle+1)
	if err != nil {
		return inconclusive(c, err.Error())
	}
	if r.prober.effects == nil {
		result.Note = "accepted; whether it is handled once takes a probe of its effects"
		return result
	}
	return r.judgeEffects(result, middle-before, after-middle)
}

// deliveries sends one event in rounds of so many at once; every delivery is signed on its own.
func (r *run) deliveries(ctx context.Context, c Case, s *sheet, how string, rounds ...int) Result {
	total := 0
	result := passed(c)
	for _, width := range rounds {
		exchanges := make([]Exchange, width)
		each(exchanges, width, func(i int, _ Exchange) {
			exchanges[i] = r.send(ctx, func() draft {
				again := *s
				again.now = r.prober.now()
				return again.signed(again.body())
			})
			r.timed(exchanges[i])
		})
		for _, e := range exchanges {
			total++
			judged := judge(c, e)
			if judged.Verdict == Passed {
				continue
			}
			judged.Reason = fmt.Sprintf("delivery %d of one event%s %s", total, how, judged.Reason)
			return judged
		}
		result.Exchanges = append(result.Exchanges, exchanges[len(exchanges)-1])
	}
	return result
}

func (r *run) judgeEffects(result Result, twice, atOnce float64) Result {
	if twice == 1 && atOnce == 1 {
		result.Note = "each took effect once"
		return result
	}
	reason := fmt.Sprintf("an event that was delivered twice took effect %v times, one that was delivered %d times at once %v times", twice, repeats, atOnce)
	if twice <= 1 && atOnce <= 1 {
		return inconclusive(result.Case, reason+": is that number a counter of handled events?").with(result.Exchanges...)
	}
	return failed(result.Case, FaultHandledMore, reason).with(result.Exchanges...)
}

const (
	maxReads     = 25 // of the probe in one wait
	readInterval = 200 * time.Millisecond
	steadyReads  = 3 // of the same number, before it counts
	maxNumber    = 64
)

// effects reads the number of effects; 0 when there is no probe.
func (r *run) effects(ctx context.Context) (float64, error) {
	if r.prober.effects == nil {
		return 0, nil
	}
	number, err := r.readEffects(ctx)
	if err != nil {
		return 0, fmt.Errorf("effects cannot be counted: %w", err)
	}
	return number, nil
}

// settled reads the number until it has reached want and does not change any more, for effects may come after the answer.
func (r *run) settled(ctx context.Context, want float64) (float64, error) {
	if r.prober.effects == nil {
		return want, nil
	}
	last, steady := 0.0, 0
	for reads := range maxReads {
		number, err := r.effects(ctx)
		if err != nil {
			return 0, err
		}
		if reads > 0 && number == last {
			steady++
		} else {
			steady = 0
		}
		last = number
		if number >= want && steady >= steadyReads {
			break
		}
		if err := sleep(ctx, readInterval); err != nil {
			return 0, err
		}
	}
	return last, nil
}

func (r *run) readEffects(ctx context.Context) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, r.prober.options.Timeout)
	defer cancel()
	target := r.prober.effects
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return 0, err
	}
	transport, leave := r.prober.wire.connection()
	defer leave()
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, delivery.Unreachable(target, err, 0)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s answered %d", target, response.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxNumber+1))
	if err != nil {
		return 0, delivery.Unreachable(target, err, 0)
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	if err != nil || len(text) > maxNumber || number != number {
		return 0, errors.New(target.String() + " answered no number")
	}
	return number, nil
}
