package forward

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// ship takes a delivery to its target when its turn has come, and gives the answers as they arrive: one, or two of a
// delivery that is duplicated.
func (f *Forwarder) ship(ctx context.Context, s shipment, p parcel) iter.Seq[Answer] {
	return func(yield func(Answer) bool) {
		switch {
		case s.err != nil:
			yield(s.fail(s.err))
		case s.plan.drop:
			answer := s.fail(ErrDropped)
			answer.Fault = string(FaultDrop)
			yield(answer)
		case s.plan.status != 0:
			yield(s.standIn(ctx))
		default:
			f.shipInTurn(ctx, s, p, yield)
		}
	}
}

func (f *Forwarder) shipInTurn(ctx context.Context, s shipment, p parcel, yield func(Answer) bool) {
	if err := s.turn.wait(ctx); err != nil {
		yield(s.fail(interrupted(err)))
		return
	}
	if s.plan.reorder {
		held, err := s.turn.letPass(ctx, ReorderWait)
		if err != nil {
			yield(s.fail(interrupted(err)))
			return
		}
		if held {
			s.plan.marks = append(s.plan.marks, string(FaultReorder))
		}
	}
	defer s.turn.leave()
	if err := sleep(ctx, s.plan.delay); err != nil {
		yield(s.fail(interrupted(err)))
		return
	}
	answer := f.deliver(ctx, s.target, p)
	answer.Fault = s.plan.mark()
	if !yield(answer) || !s.plan.duplicate {
		return
	}
	answer = f.deliver(ctx, s.target, p)
	answer.Fault = string(FaultDuplicate)
	yield(answer)
}

// fail is the answer of a delivery that never reached out.
func (s shipment) fail(err error) Answer {
	return Answer{Target: s.target.String(), Err: err, Health: s.target.health()}
}

// standIn answers in place of the target.
func (s shipment) standIn(ctx context.Context) Answer {
	if err := sleep(ctx, s.plan.delay); err != nil {
		return s.fail(interrupted(err))
	}
	answer := s.fail(nil)
	answer.Status, answer.Fault = s.plan.status, s.plan.mark()
	return answer
}

func interrupted(err error) error { return fmt.Errorf("forward interrupted: %w", err) }

// deliver attempts until the target has answered, or there are no attempts left.
func (f *Forwarder) deliver(ctx context.Context, t *target, p parcel) Answer {
	for number := 1; ; number++ {
		answer := f.attempt(ctx, t, p)
		answer.Attempts = number
		again := number <= f.options.Retries && mayPass(answer) && ctx.Err() == nil
		if !again || sleep(ctx, f.delay(number)) != nil {
			answer.Health = t.judge(answer)
			return answer
		}
	}
}

func (f *Forwarder) delay(retry int) time.Duration {
	return f.options.Schedule[min(retry, len(f.options.Schedule))-1]
}

// mayPass tells the failures that another attempt may mend.
func mayPass(a Answer) bool {
	var unreachable *delivery.UnreachableError
	return errors.As(a.Err, &unreachable) || a.Status == http.StatusRequestTimeout ||
		a.Status == http.StatusTooManyRequests || a.Status >= http.StatusInternalServerError
}

// judge takes an answer into account, unless it says nothing about the target.
func (t *target) judge(a Answer) Health {
	var unreachable *delivery.UnreachableError
	if a.Err != nil && !errors.As(a.Err, &unreachable) {
		return t.health()
	}
	return t.note(a.Err == nil || a.Status != 0)
}

// attempt sends a delivery once.
func (f *Forwarder) attempt(ctx context.Context, t *target, p parcel) Answer {
	answer := Answer{Target: t.String()}
	header, err := f.sign(p)
	if err != nil {
		answer.Err = err
		return answer
	}
	begun := time.Now()
	err = f.exchange(ctx, t, header, p.body, &answer)
	answer.Duration = time.Since(begun)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		answer.Err = interrupted(ctx.Err())
	default:
		answer.Err = delivery.Unreachable(t.url, err, answer.Duration)
	}
	return answer
}

// sign replaces every line of the signature, where that is wanted.
func (f *Forwarder) sign(p parcel) (http.Header, error) {
	if f.options.Resign.IsZero() {
		return p.header, nil
	}
	line, err := signature.Sign(p.body, f.options.Now(), f.options.Resign)
	if err != nil {
		return nil, err
	}
	header := maps.Clone(p.header)
	maps.DeleteFunc(header, func(name string, _ []string) bool { return strings.EqualFold(name, signature.HeaderName) })
	header[signature.HeaderName] = []string{line}
	return header, nil
}

var errSwitched = errors.New("target switched to another protocol")

// exchange sends one request and reads its answer. It goes to the transport itself, for an http.Client would follow
// redirects.
func (f *Forwarder) exchange(ctx context.Context, t *target, header http.Header, body []byte, answer *Answer) error {
	ctx, cancel := context.WithTimeout(ctx, f.options.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header = header
	response, err := f.options.Transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode < http.StatusOK {
		return errSwitched
	}
	answer.Status, answer.Header = response.StatusCode, answerHeader(response.Header)
	answer.Body, err = io.ReadAll(io.LimitReader(response.Body, MaxAnswer+1))
	if len(answer.Body) > MaxAnswer {
		answer.Body, answer.BodyTruncated = answer.Body[:MaxAnswer:MaxAnswer], true
	}
	return err
}
