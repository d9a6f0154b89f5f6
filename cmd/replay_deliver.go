package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// announce says what receivers will make of the signatures.
func (r *replay) announce() {
	if r.opts.raw {
		r.app.view.Warning("signatures are sent as captured; receivers find those that are older than 5 minutes stale")
		return
	}
	r.app.view.Note("signed anew with a fresh time; --raw sends the signature as captured")
}

// pace waits until the next delivery is due.
func (r *replay) pace(ctx context.Context) error {
	if r.opts.rate == 0 {
		return ctx.Err()
	}
	if r.sent == 0 {
		r.begun = time.Now()
	}
	due := r.begun.Add(time.Duration(float64(r.sent) / r.opts.rate * float64(time.Second)))
	return wait(ctx, time.Until(due))
}

// mostRefused is how many attempts in a row may find no server before a run ends.
const mostRefused = 10

// deliver sends a message once. An attempt that was interrupted is shown and kept too: the server may have had it.
func (r *replay) deliver(ctx context.Context, client *delivery.Client, m delivery.Message, record history.Record) error {
	outcome := client.Deliver(ctx, m, delivery.Policy{}, delivery.Observer{
		Sending: func(attempt delivery.Attempt) { r.tally.keep(r.app.view.Sending(m, attempt)) },
	})
	r.tally.add(outcome)
	if outcome.Interrupted == nil {
		r.sent++
	}
	if r.opts.raw && isStale(record.Capture, r.app.env.Now()) {
		r.stale++
	}
	result := view.Replay{Message: m, Attempt: outcome.Last(), Original: record, Raw: r.opts.raw, Now: r.app.env.Now()}
	result.Record = r.keep(ctx, result)
	if err := errors.Join(r.app.view.Replay(result), outcome.Interrupted); err != nil {
		return err
	}
	return r.stop(result.Attempt.Err)
}

// stop ends a run that finds nobody to talk to.
func (r *replay) stop(err error) error {
	unreachable, failed := errors.AsType[*delivery.UnreachableError](err)
	if !failed || unreachable.Kind != delivery.KindRefused && unreachable.Kind != delivery.KindDNS {
		r.refused = 0
		return nil
	}
	if r.refused++; r.refused < mostRefused || r.opts.keepGoing {
		return nil
	}
	return &deadEndpointError{r.refused, err}
}

// isStale tells whether the signature of a capture is too old by now, for a receiver that keeps to the guide.
func isStale(r capture.Request, now time.Time) bool {
	for _, line := range r.Values(signature.HeaderName) {
		// What could be read of a malformed line counts too.
		if read, _ := signature.Parse(line); !read.Time.IsZero() && now.Sub(read.Time) > signature.DefaultTolerance {
			return true
		}
	}
	return false
}

// keep puts the replay into the history beside what it repeats. That it cannot is no failure of the replay.
func (r *replay) keep(ctx context.Context, result view.Replay) (id string) {
	attempt := result.Attempt
	record := history.Record{
		Capture: attempt.Request, EventID: result.Message.ID, EventType: result.Message.Type,
		Signature: history.SignatureValid, Source: history.SourceReplay, ReplayOf: result.Original.ID,
	}
	if r.opts.raw {
		record.Signature = result.Original.Signature
	}
	if attempt.Status != 0 {
		record.Answer = history.Answer{Status: attempt.Status, Header: capture.Fields(attempt.Header), Body: attempt.Body, Duration: attempt.Duration}
	} else if attempt.Err != nil {
		why := attempt.Err.Error()
		if errors.Is(attempt.Err, context.Canceled) {
			why = "interrupted before there was an answer"
		}
		record.Forwards = []history.Forward{{Target: attempt.Request.URL, Duration: attempt.Duration, Error: why, Attempt: 1}}
	}
	id, err := r.store.Add(context.WithoutCancel(ctx), record)
	if err != nil && !r.unkept {
		r.unkept = true
		r.app.view.Warning(fmt.Sprintf("replays are not kept: %v", err))
	}
	return id
}
