package cmd

import (
	"context"
	"errors"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
)

// runListen serves until ctx ends or the expectations are decided, lets the requests under way finish, and sums up. Once it
// was ready, being ended is no failure, unless something was expected.
func runListen(ctx context.Context, a *app, opts listenOptions, address string) (err error) {
	defer outlivePipes()()
	secrets, err := opts.secrets(ctx, a)
	if err != nil {
		return err
	}
	if opts.verdict.print {
		return a.view.Secret(secrets.Current)
	}
	if err := opts.register.check(a); err != nil {
		return err
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	in, handler, err := opts.open(life, a, secrets)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	sockets, err := opts.server.sockets(ctx, a, address)
	if err != nil {
		return err
	}
	defer sockets.close()
	server, caCert, err := opts.server.open(a, handler, opts.play.delay+opts.forward.longest())
	if err != nil {
		return err
	}
	meter, err := opts.meter.serve(ctx, a, in.meter)
	if err != nil {
		return err
	}
	defer meter.close()
	ended := serve(server, sockets)
	defer func() { _ = server.Close() }() // where no app got ready there is nothing to drain
	if sockets.exposed {
		a.view.Warning("this address can be reached from other machines")
	}
	if loop := sockets.leadsBack(opts.forward.to); loop != "" {
		return &valueError{"--forward-to", loop, "leads back to this listener"}
	}
	ready := view.Ready{
		URL: sockets.url(opts.server.secure(), opts.server.path), Verifying: !secrets.Current.IsZero(), Forwarding: opts.forward.to,
		Metrics: meter.url(), History: in.store.Path(), CACert: caCert,
	}
	return opts.start.around(ctx, a, secrets, opts.forward.firstTarget(), func() error {
		public, err := opts.tunnel.open(ctx, a, in, handler, opts.server, opts.play.delay+opts.forward.longest())
		if err != nil {
			return err
		}
		defer public.close()
		ready.Public = public.url
		if opts.register.wanted() {
			found, err := opts.register.register(ctx, a, public.url, secrets)
			if err != nil {
				return err
			}
			if err := opts.renew(ctx, a, in, handler, found); err != nil {
				return err
			}
			ready.Verifying = !found.Current.IsZero()
		}
		meter.ready(true)
		a.view.Ready(ready)
		failed := attend(ctx, a, in, opts.expect, ended, public.ended)
		meter.ready(false)
		public.close()
		if waiting := in.waiting(); waiting > 0 {
			a.view.Note("waiting for what is under way: %d, for %v at most; Ctrl-C again ends at once", waiting, drainTime)
		}
		return errors.Join(failed, drain(ctx, server, in.behind.Wait, end), unlessUnread(a.view.Receipts(in.desk.summary())))
	})
}

// secrets are those that requests are verified with. An app that is started gets them too, and none is made up for it: whoever
// sends to this listener could not know it.
func (o *listenOptions) secrets(ctx context.Context, a *app) (config.Secrets, error) {
	request := o.verdict.secrets.request(o.verdict.print || o.start.wanted())
	request.RefuseEmpty = !o.register.wanted() // an empty variable is no wish to verify nothing
	return o.verdict.secrets.find(ctx, a, request)
}

// attend waits for the end of listening, and judges what was expected of it.
func attend(ctx context.Context, a *app, in *intake, expect expectFlags, ended, lost <-chan error) error {
	watched, stop := context.WithCancel(ctx)
	defer stop()
	quit, release := watchKeys(watched, a, in)
	defer release()
	within, unread := make(<-chan time.Time), in.desk.unread
	if in.expected.wanted() {
		unread = nil // the exit code is waited for, whoever reads the rest
		timer := time.NewTimer(expect.within)
		defer timer.Stop()
		within = timer.C
	}
	select {
	case err := <-ended:
		return err
	case err := <-lost:
		return err
	case <-quit:
	case <-unread:
	case <-ctx.Done():
	case <-in.expected.settled:
	case <-within:
	}
	if !in.expected.wanted() {
		return nil
	}
	result, missed := in.expected.result()
	if err := unlessUnread(a.view.Expectations(result)); err != nil {
		return err
	}
	if missed != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return missed
}

// open makes the receiver, and what it hands requests to.
func (o *listenOptions) open(life context.Context, a *app, secrets config.Secrets) (*intake, *switchable, error) {
	show, err := view.ParseShow(o.show.show)
	if err != nil {
		return nil, nil, err
	}
	if a.flags.verbose && show == view.ShowFull {
		show = view.ShowHeaders
	}
	in := &intake{
		life: life, now: a.env.Now, desk: &desk{view: a.view, show: show, unread: make(chan struct{})}, events: o.show.events,
		ackNow: o.forward.ack == ackNow, requireValid: o.forward.requireValid, meter: o.meter.open(),
	}
	a.warnOfEvents(o.show.events)
	if in.play, err = o.play.open(); err != nil {
		return nil, nil, err
	}
	if in.expected, err = o.expect.open(a, o.library); err != nil {
		return nil, nil, err
	}
	if in.forwarder, err = o.forward.open(a, o.play.source(), !secrets.Current.IsZero()); err != nil {
		return nil, nil, err
	}
	if in.forwarder != nil {
		if err := o.play.leaves(in.play); err != nil {
			return nil, nil, err
		}
	}
	if in.replayer, err = o.forward.openReplayer(a, secrets.Current); err != nil {
		return nil, nil, err
	}
	keep, err := a.retention(defaultKeep)
	if err != nil {
		return nil, nil, err
	}
	if in.store, err = a.openKeeper(life, keep); err != nil {
		return nil, nil, err
	}
	handler, err := o.handler(life, a, in, secrets)
	if err != nil {
		return nil, nil, errors.Join(err, in.close())
	}
	return in, &switchable{handler: handler}, nil
}
