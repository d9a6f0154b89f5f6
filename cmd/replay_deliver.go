package cmd

import (
	"context"
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

func (r *replay) deliver(ctx context.Context, client *delivery.Client, m delivery.Message, record history.Record) error {
	outcome := client.Deliver(ctx, m, delivery.Policy{}, nil)
	r.tally.add(outcome)
	if outcome.Interrupted != nil {
		return outcome.Interrupted
	}
	r.sent++
	if r.opts.raw && isStale(record.Capture, r.app.env.Now()) {
		r.stale++
	}
	result := view.Replay{Message: m, Attempt: outcome.Last(), Original: record, Raw: r.opts.raw, Now: r.app.env.Now()}
	result.Record = r.keep(ctx, result)
	return r.app.view.Replay(result)
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
		record.Answer = history.Answer{Status: attempt.Status, Header: view.AnswerLines(attempt.Header), Body: attempt.Body, Duration: attempt.Duration}
	} else if attempt.Err != nil {
		record.Forwards = []history.Forward{{Target: attempt.Request.URL, Duration: attempt.Duration, Error: attempt.Err.Error(), Attempt: 1}}
	}
	id, err := r.store.Add(context.WithoutCancel(ctx), record)
	if err != nil && !r.unkept {
		r.unkept = true
		r.app.view.Warning(fmt.Sprintf("replays are not kept: %v", err))
	}
	return id
}
