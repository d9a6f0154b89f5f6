package cmd

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// forwardFlags say which servers get what was received, and how.
type forwardFlags struct {
	to           []string
	ack          string
	resign       string
	credentials  bool
	requireValid bool
	retries      int
	concurrency  int
	timeout      time.Duration
	skipVerify   bool
	inject       string
}

func (f *forwardFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVarP(&f.to, "forward-to", "f", nil, "hand events on to this `[TYPES=]URL`, such as 'voucher.*=http://localhost:4000'; the first that takes one answers the sender")
	flags.StringVar(&f.ack, "ack", "forwarded", "answer the sender `WHEN`: forwarded, with what the server says, or now, with 200")
	flags.BoolVar(&f.requireValid, "require-valid", false, "hand on nothing whose signature does not hold; it is answered with 401")
	flags.StringVar(&f.resign, "resign-with-secret", "", "sign anew with this `SECRET`, for a server that knows another one")
	flags.BoolVar(&f.credentials, "forward-credentials", false, "hand on Authorization and Cookie headers too")
	flags.IntVar(&f.retries, "forward-retries", 0, "try `N` more times when the server does not answer, or with 408, 429 or 5xx")
	flags.IntVar(&f.concurrency, "concurrency", 1, "hand on `N` events at the same time; more than one does not keep their order")
	flags.DurationVar(&f.timeout, "forward-timeout", forward.DefaultTimeout, "give up on a server after this `DURATION`")
	flags.BoolVar(&f.skipVerify, "insecure-skip-tls-verify", false, "accept any certificate of the server; for one of your own only")
	flags.StringVar(&f.inject, "inject", "", "let go wrong on the way: `FAULT[@SHARE],...` such as delay=2s@10%,duplicate@5%,drop@1%,reorder@5%,status=500@20%")
}

// open makes the forwarder; nil when there is nobody to hand on to.
func (f *forwardFlags) open(a *app, random func() float64, verifying bool) (*forward.Forwarder, error) {
	if f.ack != ackForwarded && f.ack != ackNow {
		return nil, &valueError{"--ack", f.ack, "is neither forwarded nor now"}
	}
	if f.requireValid && !verifying {
		return nil, &valueError{"--require-valid", "", "needs a signing secret to verify with"}
	}
	options, err := f.options(a, random)
	if err != nil || len(options.Routes) == 0 {
		return nil, err
	}
	return forward.New(options)
}

const (
	ackForwarded = "forwarded"
	ackNow       = "now"
)

func (f *forwardFlags) options(a *app, random func() float64) (forward.Options, error) {
	options := forward.Options{
		Timeout: f.timeout, Transport: a.env.Transport, Now: a.env.Now, PassCredentials: f.credentials, Retries: f.retries,
		Concurrency: f.concurrency, Rand: random,
	}
	for _, text := range f.to {
		route, err := forward.ParseRoute(text)
		if err != nil {
			return options, err
		}
		options.Routes = append(options.Routes, route)
	}
	var err error
	if options.Faults, err = forward.ParseFaults(f.inject); err != nil {
		return options, err
	}
	if len(options.Faults) > 0 && len(options.Routes) == 0 {
		return options, &valueError{"--inject", f.inject, "has no server to keep events from; name one with --forward-to, or use --respond"}
	}
	if options.Transport == nil {
		options.Transport = delivery.NewTransport(delivery.TransportOptions{InsecureSkipVerify: f.skipVerify, Concurrency: f.concurrency})
	}
	if f.resign != "" {
		options.Resign, err = signature.NewSecret(f.resign)
	}
	return options, err
}

// openReplayer makes the forwarder for replays: nothing goes wrong in them, and they are signed anew with what the server
// knows, if that is known here.
func (f *forwardFlags) openReplayer(a *app, known signature.Secret) (*forward.Forwarder, error) {
	options, err := f.options(a, nil)
	if err != nil || len(options.Routes) == 0 {
		return nil, err
	}
	options.Faults = nil
	if options.Resign.IsZero() {
		options.Resign = known
	}
	return forward.New(options)
}

// firstTarget is the URL of the first route; empty without one.
func (f *forwardFlags) firstTarget() string {
	if len(f.to) == 0 {
		return ""
	}
	route, err := forward.ParseRoute(f.to[0])
	if err != nil {
		return ""
	}
	return route.Target
}

// longest is how long a sender may have to wait for the servers behind.
func (f *forwardFlags) longest() time.Duration {
	if len(f.to) == 0 || f.ack == ackNow {
		return 0
	}
	longest := f.timeout * time.Duration(f.retries+1)
	schedule := forward.DefaultSchedule()
	for retry := range f.retries {
		longest += schedule[min(retry, len(schedule)-1)]
	}
	return longest
}
