package cmd

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// runReplay sends one event after the other and shows each as it goes; with more than one, a summary ends the run.
func runReplay(ctx context.Context, a *app, c *cobra.Command, opts replayOptions, args []string) (err error) {
	format, err := view.ParseRequestFormat(opts.dry.format)
	if err != nil {
		return err
	}
	source, err := openReplaySource(ctx, a, opts, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.store.Close()) }()
	maker, err := openReplayMaker(ctx, a, opts)
	if err != nil {
		return err
	}
	if err := errors.Join(source.check(ctx), checkEdits(ctx, source, maker)); err != nil {
		return err
	}
	r := &replay{app: a, opts: opts, maker: maker, format: format, store: source.store, passed: passedOver{}, tally: tally{begun: a.env.Now()}}
	for record, err := range source.records(ctx) {
		_, undecodable := errors.AsType[*capture.DecodeError](err)
		switch {
		case isDamaged(err) || undecodable:
			a.view.Problem(diagnose(err))
			r.unread = &shownError{err}
			continue
		case err == nil:
			err = r.replay(ctx, record)
		}
		if dead, ok := errors.AsType[*deadEndpointError](err); ok {
			r.dead = dead
		}
		if ctx.Err() != nil || r.dead != nil {
			break
		}
		if err != nil {
			return err
		}
	}
	return r.end(ctx, c)
}

// checkEdits makes sure that nothing has gone out when one of several events has no place for an edit.
func checkEdits(ctx context.Context, source *replaySource, maker *replayMaker) error {
	if maker.editor == nil || source.readsStdin() {
		return nil
	}
	for record, err := range source.records(ctx) {
		if err != nil || source.unfit(record) != "" {
			continue // it is met again, and told of then
		}
		if _, err := maker.message(record); err != nil {
			return err
		}
	}
	return nil
}

// replay is one run over several records.
type replay struct {
	app     *app
	opts    replayOptions
	maker   *replayMaker
	format  view.RequestFormat
	store   *history.Store
	begun   time.Time
	sent    int
	stale   int // of those sent, as captured and old
	passed  passedOver
	refused int                // in a row, up to the last attempt
	dead    *deadEndpointError // nil unless it ended the run
	unkept  bool
	unread  error // of what could not be replayed, the latest
	tally   tally
}

func (r *replay) replay(ctx context.Context, record history.Record) error {
	if why := r.opts.unfit(record); why != "" {
		r.passed[why]++
		return nil
	}
	message, err := r.maker.message(record)
	if err != nil {
		return err
	}
	client, err := r.maker.client(record)
	if err != nil {
		return err
	}
	if r.opts.dry.on {
		r.sent++
		request, err := client.Request(message, r.app.env.Now())
		if err != nil {
			return err
		}
		return r.app.view.Request(request, r.format, r.sent == 1)
	}
	if r.sent == 0 {
		r.announce()
	}
	for range r.opts.repeat {
		if err := r.pace(ctx); err != nil {
			return err
		}
		if err := r.deliver(ctx, client, message, record); err != nil {
			return err
		}
	}
	return nil
}

// end sums up and gives the error of the run.
func (r *replay) end(ctx context.Context, c *cobra.Command) error {
	if r.sent == 0 && ctx.Err() != nil {
		return ctx.Err()
	}
	if r.sent == 0 && r.unread == nil && len(r.passed) > 0 {
		return &passedOverError{r.passed}
	}
	if r.sent == 0 && r.unread == nil {
		return usagef(c, "no record fits, so nothing was replayed")
	}
	if len(r.passed) > 0 {
		r.app.view.Warning("passed over " + r.passed.String() + r.takenBy())
	}
	if r.opts.dry.on {
		return r.unread
	}
	if r.sent > 1 {
		r.tally.keep(r.app.view.Deliveries(r.tally.summary(r.app.env.Now(), r.sent)))
	}
	spoiled := ""
	if r.stale > 0 && r.stale == r.sent {
		spoiled = "a stale"
	}
	if spoiled != "" && r.tally.delivered > 0 {
		r.app.view.Warning("the endpoint accepted a stale delivery, which anybody could have sent")
	}
	if err := r.tally.verdict(ctx, spoiled); err != nil && (r.dead == nil || ctx.Err() != nil) {
		return err
	}
	if r.dead != nil {
		return r.dead
	}
	return r.unread
}

func (r *replay) takenBy() string {
	if r.passed.canBeTaken() {
		return "; --include-invalid takes them"
	}
	return ""
}
