package cmd

import (
	"context"
	"time"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// loadFlags say how many events are sent, how fast, and what the run may cost.
type loadFlags struct {
	count       int
	duration    time.Duration
	rate        float64
	concurrency int
	maxP95      time.Duration
	maxErrors   string
}

func (l *loadFlags) add(flags *pflag.FlagSet) {
	flags.IntVar(&l.count, "count", 0, "send `N` events, each with an id and a signature of its own, and report")
	flags.DurationVar(&l.duration, "duration", 0, "send for this `DURATION`, and report")
	flags.Var(rateFlag{&l.rate}, "rate", "begin deliveries at this `RATE`, such as 50/s or 3000/m; without it as fast as the endpoint takes them")
	flags.IntVar(&l.concurrency, "concurrency", 1, "have up to `N` deliveries under way at once; their order is then open")
	flags.DurationVar(&l.maxP95, "max-p95", 0, "exit with 6 if the 95th percentile of the latency is over this `DURATION`")
	flags.StringVar(&l.maxErrors, "max-errors", "", "exit with 6 if more than this `NUMBER` or share (1%) fail")
}

func (l *loadFlags) wanted() bool { return l.count != 0 || l.duration != 0 || l.rate != 0 }

func (l *loadFlags) ends() bool { return l.count != 0 || l.duration != 0 }

func (l *loadFlags) hasBudget() bool { return l.maxP95 != 0 || l.maxErrors != "" }

func (l *loadFlags) plan() delivery.Plan {
	return delivery.Plan{Count: l.count, Duration: l.duration, Rate: l.rate, Concurrency: l.concurrency}
}

func (l *loadFlags) budget() (delivery.Budget, error) {
	budget := delivery.Budget{MaxP95: l.maxP95}
	if l.maxErrors == "" {
		return budget, nil
	}
	var err error
	budget.MaxErrors, err = delivery.ParseErrorLimit(l.maxErrors)
	return budget, err
}

// runLoad sends many events and reports; a run that was interrupted reports what it has.
func runLoad(ctx context.Context, a *app, opts sendOptions, client *delivery.Client, source *payloadSource) error {
	budget, err := opts.load.budget()
	if err != nil {
		return err
	}
	plan := opts.load.plan()
	bar := a.view.Load(plan)
	defer context.AfterFunc(ctx, bar.Ending)()
	report, err := client.Load(ctx, plan, source.next, bar.Show)
	bar.Done()
	if err != nil {
		return err
	}
	if err := a.view.Report(report); err != nil {
		return err
	}
	opts.try.warn(a, report.OK)
	if report.Interrupted {
		return context.Cause(ctx)
	}
	if opts.load.hasBudget() {
		return budget.Check(report)
	}
	if report.Failed() > 0 {
		return &deliveryError{
			err: report.First, failed: int(report.Failed()), total: int(report.Sent), spoiled: opts.try.spoiled(),
		}
	}
	return nil
}
