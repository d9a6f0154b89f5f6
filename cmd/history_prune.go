package cmd

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

type pruneOptions struct {
	keep   keepFlags
	before string
	dryRun bool
}

func (o *pruneOptions) add(flags *pflag.FlagSet) {
	o.keep.add(flags)
	flags.StringVar(&o.before, "before", "", "remove what was added before this `TIME`: 10m (ago), 7d, RFC 3339 or unix seconds")
	flags.BoolVar(&o.dryRun, "dry-run", false, "remove nothing; say what would go")
}

func newHistoryPruneCommand(a *app) *cobra.Command {
	var opts pruneOptions
	c := &cobra.Command{
		Use:   "prune",
		Short: "Remove the oldest records",
		Long: `Remove the oldest records, by the time when they were added, and give their space back.
Beyond a number or a size replays go before anything that was received.

Without a flag it removes what pbhook listen would let go.`,
		Example: `  pbhook history prune --dry-run
  pbhook history prune --keep 7d,1000
  pbhook history prune --before 2026-01-01T00:00:00Z`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if opts.before != "" && c.Flags().Changed("keep") {
				return usagef(c, "--keep and --before say two things; give one of them")
			}
			return runHistoryPrune(c.Context(), a, opts)
		},
	}
	inGroup(c.Flags(), "Limits", opts.add)
	return c
}

func runHistoryPrune(ctx context.Context, a *app, opts pruneOptions) (err error) {
	keep, err := opts.retention(a)
	if err != nil {
		return err
	}
	store, err := opts.open(ctx, a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	surplus, err := store.Surplus(ctx, keep)
	if err != nil {
		return err
	}
	result := view.NewPruned(surplus)
	if result.DryRun = opts.dryRun; !opts.dryRun {
		if result.Records, err = store.Prune(ctx, keep); err != nil {
			return err
		}
	}
	if result.Left, err = store.Count(ctx, history.Query{}); err != nil {
		return err
	}
	if opts.dryRun {
		result.Left -= result.Records
	}
	return a.view.Pruned(result)
}

// open makes no file where there is none, which may be a slip of the pen.
func (o *pruneOptions) open(ctx context.Context, a *app) (*history.Store, error) {
	if path, err := a.historyFile(); o.dryRun || err == nil && path != config.NoHistory && isAbsent(path) {
		return a.readHistory(ctx)
	}
	return a.changeHistory(ctx, history.Retention{})
}

func (o *pruneOptions) retention(a *app) (history.Retention, error) {
	if o.before == "" {
		return a.retention(defaultKeep)
	}
	now := a.env.Now()
	before, err := parseMoment("--before", o.before, now)
	if err != nil {
		return history.Retention{}, err
	}
	age := now.Sub(before)
	if age <= 0 {
		return history.Retention{}, &valueError{"--before", o.before, "is not before now, " + now.UTC().Format(time.RFC3339)}
	}
	return history.Retention{Age: age}, nil
}
