package cmd

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// checkOptions are the flags of check.
type checkOptions struct {
	target  targetFlags
	secrets secretFlags
	start   startFlags
	library libraryFlags
	cases   caseFlags
	bar     barFlags
	reports reportFlags

	events      []string
	probeURL    string
	concurrency int
	yes         bool
}

func (o *checkOptions) addTarget(flags *pflag.FlagSet) {
	o.target.add(flags)
	flags.BoolVar(&o.yes, "yes", false, "attack an endpoint on another machine; without it loopback alone")
}

func (o *checkOptions) addCases(flags *pflag.FlagSet) {
	o.cases.add(flags)
	flags.StringSliceVarP(&o.events, "events", "e", []string{"all"}, "deliver the event types that match these `GLOBS`")
	flags.StringVar(&o.probeURL, "probe-url", "", "read from this `URL` how many events took effect: a number, by GET")
	flags.IntVar(&o.concurrency, "concurrency", probe.DefaultConcurrency, "have up to `N` requests under way at once where order does not matter")
}

// caseFlags say which cases a verb is about.
type caseFlags struct{ only, skip []string }

func (f *caseFlags) add(flags *pflag.FlagSet) {
	flags.StringSliceVar(&f.only, "select", nil, "try the cases that match these `GLOBS` alone: 'auth.*', rot, size.5m")
	flags.StringSliceVar(&f.skip, "skip", nil, "leave out the cases that match these `GLOBS`")
}

func newCheckCommand(a *app) *cobra.Command {
	var opts checkOptions
	c := &cobra.Command{
		Use:     "check [URL]",
		GroupID: groupCheck,
		Short:   "Attack an endpoint and tell whether it is safe to ship",
		Long: `Attack an endpoint and tell whether it is safe to ship.

Some 50 cases send what Pocketbook sends, what proxies make of it and what forgers try. Each gives a verdict from the endpoint's
answers alone: passed, failed, or inconclusive where the answers allow neither. The endpoint has to be started with the same
signing secret, or is started by --start. The number of requests is bounded and printed first; every event has an id that begins with ` + probe.EventPrefix + `.`,
		Example: `  pbhook check http://localhost:3000/webhooks/pocketbook
  pbhook check http://localhost:3000/webhooks/pocketbook --select 'auth.*,time.*' -v
  pbhook check --skip 'size.*' --fail-on high --junit report.xml
  pbhook check --probe-url http://localhost:3000/handled
  pbhook check --start 'npm start' --wait-for :3000 --junit report.xml
  pbhook check --write-baseline check-baseline.json
  pbhook check list`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef(c, "one endpoint is checked at a time, got %q as well", args[1])
			}
			if len(args) == 1 && c.Flags().Changed("to") {
				return usagef(c, "the endpoint is given twice, as an argument and with --to")
			}
			if opts.concurrency < 1 {
				return usagef(c, "--concurrency is %d; it takes at least one", opts.concurrency)
			}
			return opts.start.check(c)
		},
		RunE: func(c *cobra.Command, args []string) error {
			options, err := opts.probe(c.Context(), a, args)
			if err != nil {
				return err
			}
			return runCheck(c.Context(), a, opts, options)
		},
	}
	inGroup(c.Flags(), "Endpoint", opts.addTarget)
	inGroup(c.Flags(), "Signing", opts.secrets.add)
	inGroup(c.Flags(), "Start", opts.start.add)
	inGroup(c.Flags(), "Cases", opts.addCases)
	inGroup(c.Flags(), "Verdict", opts.bar.add)
	inGroup(c.Flags(), "Reports", opts.reports.add)
	inGroup(c.Flags(), "Fixtures", opts.library.add)
	c.AddCommand(newCheckListCommand(a), newCheckExplainCommand(a))
	return c
}

// probe is what is checked, and how.
func (o *checkOptions) probe(ctx context.Context, a *app, args []string) (probe.Options, error) {
	secrets, err := o.start.secrets(ctx, a, &o.secrets, true)
	if err != nil {
		return probe.Options{}, err
	}
	var target delivery.Options
	if err := o.target.fill(a, &target, o.concurrency); err != nil {
		return probe.Options{}, err
	}
	if len(args) == 1 {
		target.Endpoint = args[0]
	}
	events, err := o.samples(a)
	if err != nil {
		return probe.Options{}, err
	}
	return probe.Options{
		Endpoint: target.Endpoint, Header: target.Header, UserAgent: target.UserAgent,
		Secret: secrets.Current, Previous: secrets.Previous,
		Events: events, Select: o.cases.only, Skip: o.cases.skip,
		Timeout: target.Timeout, Concurrency: o.concurrency, ProbeURL: o.probeURL,
		Transport: target.Transport, Now: a.env.Now, Rand: a.env.Rand,
	}, nil
}

// samples are fresh events of the types that were asked for.
func (o *checkOptions) samples(a *app) ([]delivery.Message, error) {
	library, schemas, err := a.library(o.library)
	if err != nil {
		return nil, err
	}
	samples, err := library.Select(o.events...)
	if err != nil {
		return nil, err
	}
	generator := fixture.NewGenerator(fixture.Options{Schemas: schemas, Rand: a.env.Rand, Now: a.env.Now})
	var messages []delivery.Message
	for _, sample := range samples {
		template, err := generator.Template(sample, nil)
		if err != nil {
			return nil, err
		}
		payload, err := generator.Payload(template)
		if err != nil {
			return nil, err
		}
		messages = append(messages, message(payload))
	}
	return messages, nil
}
