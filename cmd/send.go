package cmd

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// sendOptions are the flags of send, each part with its own heading on the help page.
type sendOptions struct {
	payload payloadFlags
	target  targetFlags
	secrets secretFlags
	try     tryFlags
	retry   retryFlags
	load    loadFlags
	dry     dryRunFlags
	start   startFlags
}

func (o *sendOptions) add(flags *pflag.FlagSet) {
	inGroup(flags, "Endpoint", o.target.add)
	inGroup(flags, "Signing", o.secrets.add)
	inGroup(flags, "Start", o.start.add)
	inGroup(flags, "Payload", o.payload.add)
	inGroup(flags, "Try the receiver", o.try.add)
	inGroup(flags, "Retries", o.retry.add)
	inGroup(flags, "Load", o.load.add)
	inGroup(flags, "Dry run", o.dry.add)
}

func newSendCommand(a *app) *cobra.Command {
	var opts sendOptions
	c := &cobra.Command{
		Use:     "send EVENT...",
		GroupID: groupSend,
		Short:   "Deliver signed events of any type to an endpoint",
		Long: `Deliver signed events to an endpoint, as Pocketbook does.

EVENT is an event type, a glob such as 'certificate.*', all, a .json file of your own, or - for stdin.
Samples get a new id, new times and new values that fit together; a file and stdin are sent byte for byte.`,
		Example: `  pbhook send certificate.minted
  pbhook send 'voucher.*' --to http://localhost:4000/hooks
  pbhook send certificate.minted --set-string data.tokenId=42 -v
  pbhook send --scenario bulk-mint --param count=50
  pbhook send certificate.minted --tamper body
  pbhook send certificate.minted --dry-run --print curl
  pbhook send all --start 'npm start' --wait-for :3000
  pbhook send certificate.minted --count 10000 --concurrency 50 --max-p95 500ms --max-errors 0`,
		ValidArgsFunction: a.completeEvents,
		RunE: func(c *cobra.Command, args []string) error {
			if err := opts.check(c, args); err != nil {
				return err
			}
			return runSend(c.Context(), a, c, opts, args)
		},
	}
	opts.add(c.Flags())
	completeFlags(c, sendWords())
	completeFlag(c, "scenario", a.completeScenarios)
	return c
}

func runSend(ctx context.Context, a *app, c *cobra.Command, opts sendOptions, args []string) error {
	deliveries, err := opts.payload.open(a, c, args, opts.load.wanted())
	if err != nil {
		return err
	}
	secrets, err := opts.start.secrets(ctx, a, &opts.secrets, !opts.try.unsigned)
	if err != nil {
		return err
	}
	client, err := opts.client(a, secrets)
	if err != nil {
		return err
	}
	return opts.start.around(ctx, a, secrets, endpointOf(a), func() error {
		defer client.Close()
		switch {
		case opts.dry.on:
			return runDryRun(a, opts, client, deliveries)
		case opts.load.wanted():
			return runLoad(ctx, a, opts, client, deliveries)
		default:
			return runDeliveries(ctx, a, opts, client, deliveries)
		}
	})
}

// client is the one that signs and sends as the flags say.
func (o *sendOptions) client(a *app, secrets config.Secrets) (*delivery.Client, error) {
	options := delivery.Options{Secret: secrets.Current, Previous: secrets.Previous}
	o.try.fill(&options)
	if err := o.target.fill(a, &options, o.load.concurrency); err != nil {
		return nil, err
	}
	return delivery.New(options)
}
