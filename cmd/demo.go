package cmd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func newDemoCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "demo",
		GroupID: groupSend,
		Short:   "Show the whole loop on this machine, with nothing else running",
		Long: `Show the whole loop on this machine, with nothing else running.

A receiver starts on a free loopback port with a made-up signing secret. All ten event types are delivered to it and
verified; then one stale and one forged delivery, which it has to refuse. The exit code is 0 only if all of that was so.`,
		Example:     `  pbhook demo`,
		Args:        noArgs,
		Annotations: map[string]string{skipsConfig: "yes"},
		RunE:        func(c *cobra.Command, _ []string) error { return runDemo(c.Context(), a) },
	}
}

func runDemo(ctx context.Context, a *app) error {
	secret, err := madeUpSecret(a.env.Rand)
	if err != nil {
		return err
	}
	library, schemas, err := a.embeddedLibrary()
	if err != nil {
		return err
	}
	booth, err := openBooth(ctx, a, secret, schemas)
	if err != nil {
		return err
	}
	defer booth.close()
	a.view.Note("a receiver listens on %s with a made-up signing secret\n", booth.url)

	samples, err := library.Select("all")
	if err != nil {
		return err
	}
	generator := fixture.NewGenerator(fixture.Options{Schemas: schemas, Rand: a.env.Rand, Now: a.env.Now})
	show := demoShow{a: a, booth: booth, generator: generator, secret: secret}
	for _, sample := range samples {
		if err := show.play(ctx, sample, delivery.Options{}, accepted); err != nil {
			return err
		}
	}
	a.view.Note("\nnow one signed ten minutes ago, and one whose signature was changed:\n")
	if err := show.play(ctx, samples[0], delivery.Options{Age: 10 * time.Minute}, stale); err != nil {
		return err
	}
	if err := show.play(ctx, samples[0], delivery.Options{Tamper: delivery.TamperSignature}, forged); err != nil {
		return err
	}
	if err := a.view.Demo(show.result); err != nil {
		return err
	}
	if show.result.Failures > 0 {
		return &checkError{message: fmt.Sprintf("%d of %d deliveries did not end as they should", show.result.Failures, show.result.Total())}
	}
	return nil
}

// demoShow plays deliveries and keeps the score.
type demoShow struct {
	a         *app
	booth     *booth
	generator *fixture.Generator
	secret    signature.Secret
	result    view.Demo
}

// play delivers one event and counts it where what the receiver found is what was to be shown.
func (d *demoShow) play(ctx context.Context, sample fixture.Sample, options delivery.Options, want finding) error {
	options.Endpoint, options.Secret, options.Now = d.booth.url, d.secret, d.a.env.Now
	options.UserAgent = "pbhook/" + d.a.version.Number
	client, err := delivery.New(options)
	if err != nil {
		return err
	}
	defer client.Close()
	template, err := d.generator.Template(sample, nil)
	if err != nil {
		return err
	}
	payload, err := d.generator.Payload(template)
	if err != nil {
		return err
	}
	m := message(payload)
	var unseen error
	outcome := client.Deliver(ctx, m, delivery.Policy{}, delivery.Observer{
		Sending: func(attempt delivery.Attempt) { unseen = d.a.view.Sending(m, attempt) },
	})
	attempt := outcome.Last()
	if err := errors.Join(unseen, d.a.view.Attempt(m, attempt)); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	d.score(want, attempt, d.booth.last())
	return nil
}

func (d *demoShow) score(want finding, attempt delivery.Attempt, receipt receiver.Receipt) {
	right := found(receipt) == want && attempt.Status == receipt.Status && attempt.OK() == (want == accepted)
	switch {
	case !right:
		d.result.Failures++
	case want == accepted:
		d.result.Verified++
	case want == stale:
		d.result.Stale++
	case want == forged:
		d.result.Forged++
	}
}

// finding is what a receiver found out about a delivery.
type finding int

const (
	other finding = iota
	accepted
	stale
	forged
)

func found(r receiver.Receipt) finding {
	switch {
	case r.Verified && r.DecodeErr == nil && len(r.Violations) == 0 && len(r.Unknown) == 0 && !r.Duplicate:
		return accepted
	case r.Verdict.SignatureValid && errors.Is(r.VerifyErr, signature.ErrTooOld):
		return stale
	case r.Verdict.TimeValid && errors.Is(r.VerifyErr, signature.ErrNoMatch):
		return forged
	}
	return other
}

// booth is the demo's receiver and what it received last.
type booth struct {
	url    string
	server *http.Server

	mu      sync.Mutex
	receipt receiver.Receipt
}

func openBooth(ctx context.Context, a *app, secret signature.Secret, schemas *event.Schemas) (*booth, error) {
	verifier, err := signature.NewVerifier(signature.Options{Secret: secret})
	if err != nil {
		return nil, err
	}
	listener, err := a.env.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &booth{url: "http://" + listener.Addr().String() + "/webhooks/pocketbook"}
	b.server = receiver.NewServer(receiver.New(receiver.Options{
		Verifier: verifier, Schemas: schemas, Now: a.env.Now, Handle: b.record,
	}), receiver.Limits{})
	go b.serve(listener)
	return b, nil
}

func (b *booth) serve(listener net.Listener) { _ = b.server.Serve(listener) }

func (b *booth) close() { _ = b.server.Close() }

func (b *booth) record(_ context.Context, r *receiver.Receipt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.receipt = *r
}

func (b *booth) last() receiver.Receipt {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.receipt
}
