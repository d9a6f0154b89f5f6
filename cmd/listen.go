package cmd

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// drainTime is how long requests under way may take once the command is asked to end.
const drainTime = 25 * time.Second

// listenOptions are the flags of listen.
type listenOptions struct {
	secrets   secretFlags
	library   libraryFlags
	path      string
	maxBody   int64
	tolerance time.Duration
	show      string
}

func (o *listenOptions) addServer(flags *pflag.FlagSet) {
	flags.StringVar(&o.path, "path", "", "take requests at this `PATH` alone; others are answered with 404 (default any)")
	flags.Int64Var(&o.maxBody, "max-body", receiver.DefaultMaxBody, "answer bodies above this many `BYTES` with 413")
}

func (o *listenOptions) addVerdict(flags *pflag.FlagSet) {
	o.secrets.add(flags)
	flags.DurationVar(&o.tolerance, "tolerance", signature.DefaultTolerance, "accept a signature up to this `DURATION` old or ahead")
	isSetting(flags, "tolerance")
}

func (o *listenOptions) addShow(flags *pflag.FlagSet) {
	flags.StringVar(&o.show, "show", "full", "show `WHAT` of each request: full, data, headers or line")
}

func newListenCommand(a *app) *cobra.Command {
	var opts listenOptions
	c := &cobra.Command{
		Use:     "listen [ADDR]",
		GroupID: groupReceive,
		Short:   "Receive webhooks, check and show them",
		Long: `Receive webhooks on this machine, check each one, and show it.

ADDR is :PORT, which can be reached from this machine alone, or HOST:PORT; port 0 is any free one. Signed events are answered with
200, bad signatures with 401, what is no event with 400. Without a signing secret everything is accepted and marked unverified.`,
		Example: `  pbhook listen :3000
  pbhook listen :3000 --path /webhooks/pocketbook --show line
  pbhook listen :0 -o json > captured.ndjson`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef(c, "one address is listened on at a time")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			address := ":3000"
			if len(args) == 1 {
				address = args[0]
			}
			return runListen(c.Context(), a, opts, address)
		},
	}
	inGroup(c.Flags(), "Server", opts.addServer)
	inGroup(c.Flags(), "Signing", opts.addVerdict)
	inGroup(c.Flags(), "Output", opts.addShow)
	inGroup(c.Flags(), "Fixtures", opts.library.add)
	return c
}

// runListen serves until ctx ends, lets the requests under way finish, and sums up. Once it was ready, that is no failure.
func runListen(ctx context.Context, a *app, opts listenOptions, address string) error {
	show, err := view.ParseShow(opts.show)
	if err != nil {
		return err
	}
	log := &receiptLog{view: a.view, show: show}
	handler, verifying, err := opts.handler(ctx, a, log)
	if err != nil {
		return err
	}
	sockets, err := openSockets(ctx, a.env, address)
	if err != nil {
		return err
	}
	server := receiver.NewServer(handler, receiver.Limits{})
	ended := make(chan error, len(sockets.listeners))
	for _, listener := range sockets.listeners {
		go func() { ended <- server.Serve(listener) }()
	}
	if sockets.exposed {
		a.view.Warning("this address can be reached from other machines")
	}
	a.view.Ready(sockets.url(opts.path), verifying)
	select {
	case <-ctx.Done():
	case err := <-ended:
		return err
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err = server.Shutdown(drain)
	return errors.Join(err, a.view.Receipts(log.summary()))
}

func (o *listenOptions) handler(ctx context.Context, a *app, log *receiptLog) (handler http.Handler, verifying bool, err error) {
	secrets, err := o.secrets.resolve(ctx, a, false)
	if err != nil {
		return nil, false, err
	}
	_, schemas, err := a.library(o.library)
	if err != nil {
		return nil, false, err
	}
	options := receiver.Options{Schemas: schemas, MaxBody: o.maxBody, Now: a.env.Now, Handle: log.add}
	if verifying = !secrets.Current.IsZero(); verifying {
		tolerance := o.tolerance
		if a.config.Tolerance > 0 {
			tolerance = a.config.Tolerance
		}
		options.Verifier, err = signature.NewVerifier(signature.Options{
			Secret: secrets.Current, Previous: secrets.Previous, Tolerance: tolerance,
		})
		if err != nil {
			return nil, false, err
		}
	}
	handler = receiver.New(options)
	if o.path != "" {
		paths := http.NewServeMux()
		paths.Handle(o.path, handler)
		handler = paths
	}
	return handler, verifying, nil
}

// receiptLog shows receipts one after the other and keeps their score.
type receiptLog struct {
	view *view.View
	show view.Show

	mu    sync.Mutex
	score view.Receipts
}

func (l *receiptLog) add(_ context.Context, r *receiver.Receipt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.score.Add(*r)
	// A terminal that is gone is no reason to refuse webhooks.
	_ = l.view.Receipt(*r, l.show)
}

func (l *receiptLog) summary() view.Receipts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.score
}
