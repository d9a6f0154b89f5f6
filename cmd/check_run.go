package cmd

import (
	"context"
	"fmt"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// runCheck checks one endpoint, shows and writes what was found, and fails if that is under the bar. All that could keep a
// report from being written is found out before the first request.
func runCheck(ctx context.Context, a *app, opts checkOptions, options probe.Options) error {
	bar, err := opts.bar.bar()
	if err != nil {
		return err
	}
	prober, err := probe.New(options)
	if err != nil {
		return err
	}
	plan := prober.Plan()
	if plan.Remote && !opts.yes {
		return &remoteError{endpoint: options.Endpoint, requests: plan.Max}
	}
	files, err := opts.openFiles(a)
	if err != nil {
		return err
	}
	defer files.discard()
	if err := a.view.CheckPlan(options.Endpoint, plan); err != nil {
		return err
	}
	secrets := config.Secrets{Current: options.Secret, Previous: options.Previous}
	return opts.start.around(ctx, a, secrets, options.Endpoint, func() error {
		return carryOut(ctx, a, prober, plan, opts, bar, files)
	})
}

// carryOut sends what the cases send, and shows and writes what came of it.
func carryOut(ctx context.Context, a *app, prober *probe.Prober, plan probe.Plan, opts checkOptions, bar probe.Bar, files checkFiles) error {
	progress := a.view.Checking(plan)
	report := prober.Run(ctx, progress.Show)
	progress.Done()

	if opts.bar.write != "" {
		bar.Baseline = report.Baseline()
	}
	found := view.Check{Report: report, Bar: bar}
	if err := a.view.Check(found); err != nil {
		return err
	}
	if inActions, _ := a.env.LookupEnv("GITHUB_ACTIONS"); inActions == "true" {
		a.view.CheckAnnotations(found)
	}
	if report.Interrupted != nil {
		return report.Interrupted
	}
	if err := files.write(found, a.version.Number); err != nil {
		return err
	}
	return checkVerdict(found)
}

// checkVerdict is what the exit code is made of; everything has been shown already.
func checkVerdict(found view.Check) error {
	if blocked := found.Report.Blocked; blocked != nil {
		return &blockedError{reason: *blocked}
	}
	under := found.Bar.Under(found.Report)
	if len(under) == 0 {
		return nil
	}
	failures, open := 0, 0
	for _, result := range under {
		if result.Verdict == probe.Failed {
			failures++
		} else {
			open++
		}
	}
	all := view.Count(len(found.Report.Results), "case")
	if open > 0 {
		return &checkError{message: fmt.Sprintf("failed: %d, inconclusive: %d of %s", failures, open, all)}
	}
	return &checkError{message: fmt.Sprintf("failed: %d of %s", failures, all)}
}

// blockedError says that a check could not begin, because no valid event was accepted.
type blockedError struct{ reason probe.Blocked }

func (e *blockedError) Error() string { return e.reason.Reason }
func (e *blockedError) Unwrap() error { return e.reason.Err }

// remoteError says that a check of another machine was not asked for in so many words.
type remoteError struct {
	endpoint string
	requests int
}

func (e *remoteError) Error() string {
	return fmt.Sprintf("%s is on another machine, and a check would send it up to %s", e.endpoint, view.Count(e.requests, "request"))
}
