package cmd

import (
	"path"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// listenOptions are the flags of listen.
type listenOptions struct {
	server   serverFlags
	tunnel   tunnelFlags
	register tunnelRegisterFlags
	verdict  verdictFlags
	forward  forwardFlags
	play     playFlags
	expect   expectFlags
	start    startFlags
	store    storeFlags
	keep     keepFlags
	show     showFlags
	meter    meterFlags
	library  libraryFlags
}

func (o *listenOptions) add(flags *pflag.FlagSet) {
	inGroup(flags, "Server", o.server.add)
	inGroup(flags, "Server", o.server.addBounds)
	inGroup(flags, "Tunnel", o.tunnel.add)
	inGroup(flags, "Register", o.register.add)
	o.addRest(flags)
}

// addRest are the flags that do not depend on where requests come in.
func (o *listenOptions) addRest(flags *pflag.FlagSet) {
	inGroup(flags, "Signing", o.verdict.add)
	inGroup(flags, "Forward", o.forward.add)
	inGroup(flags, "Play a bad endpoint", o.play.add)
	inGroup(flags, "Assert", o.expect.add)
	inGroup(flags, "Start", o.start.add)
	inGroup(flags, "Output", o.show.add)
	inGroup(flags, "Metrics", o.meter.add)
	inGroup(flags, "History", o.store.add)
	inGroup(flags, "History", o.keep.add)
	inGroup(flags, "Fixtures", o.library.add)
}

// showFlags say what is shown of each request.
type showFlags struct {
	show   string
	events []string
}

func (s *showFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&s.show, "show", "full", "show `WHAT` of each request: full, data, headers or line")
	flags.StringSliceVarP(&s.events, "events", "e", nil, "show and hand on these `TYPES` alone, such as 'certificate.*'; the others are received and counted")
}

// check refuses what no listener could do, and flags that would have no effect.
func (o *listenOptions) check(c *cobra.Command) error {
	for _, pattern := range o.show.events {
		if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
			return usagef(c, "--events %q is no pattern such as 'certificate.*'", pattern)
		}
	}
	expects, hasWay := c.Flags().Changed("expect"), len(o.forward.to) > 0
	switch {
	case o.register.wanted() && !o.tunnel.wanted():
		return usagef(c, "--register is about the URL of a tunnel; open one with --tunnel")
	case expects && strings.TrimSpace(o.expect.expect) == "":
		return usagef(c, "--expect is empty; it takes events such as 'certificate.minted=1'")
	case c.Flags().Changed("within") && !expects:
		return usagef(c, "--within says how long --expect waits; say what is expected")
	case o.forward.requireValid && !hasWay:
		return usagef(c, "--require-valid is about what is handed on; name a server with --forward-to")
	case o.forward.concurrency < 1:
		return usagef(c, "--concurrency is %d; it takes at least one", o.forward.concurrency)
	case o.start.wanted() && o.start.waitFor == "" && !hasWay:
		return usagef(c, "say with --wait-for when the app is ready; without --forward-to there is no server of its own to ask")
	}
	if err := o.server.check(c); err != nil {
		return err
	}
	return o.start.check(c)
}

func newListenCommand(a *app) *cobra.Command {
	var opts listenOptions
	c := &cobra.Command{
		Use:     "listen [ADDR]",
		GroupID: groupReceive,
		Short:   "Receive webhooks, check, show, keep and forward them",
		Long: `Receive webhooks on this machine: check each one, show it, keep it, and hand it on to your server.

ADDR is :PORT, which can be reached from this machine alone, or HOST:PORT; port 0 is any free one. Signed events are answered with
200, bad signatures with 401, what is no event with 400; with --forward-to your server answers. Without a signing secret everything
is accepted and marked unverified.`,
		Example: `  pbhook listen :3000
  pbhook listen :4000 --forward-to http://localhost:3000/webhooks/pocketbook
  pbhook listen :3000 --show line --events 'certificate.*'
  pbhook listen :3000 --respond 500@20% --delay 2s
  pbhook listen :3000 --expect 'certificate.minted=1' --within 30s
  pbhook listen :4000 -f http://localhost:3000/hooks --start 'npm start' --expect 'voucher.*>=2'
  pbhook listen :3000 --tunnel ssh://nokey@localhost.run
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
			if err := opts.check(c); err != nil {
				return err
			}
			return runListen(c.Context(), a, opts, address)
		},
	}
	opts.add(c.Flags())
	return c
}
