package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// incomparableError says that one of two bodies cannot be read.
type incomparableError struct {
	first, second string
	err           error
}

func (e *incomparableError) Error() string {
	return fmt.Sprintf("the bodies of %s and %s cannot be compared field by field: %v", e.first, e.second, e.err)
}
func (e *incomparableError) Unwrap() error { return e.err }

func newHistoryDiffCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two events field by field",
		Long: `Compare two events field by field: what B has added, removed and changed, by the path that --set takes.

Differences are no failure; the exit code is 0.`,
		Example: `  pbhook history diff STPY2 last
  pbhook history diff 01KAXGZ8F2 01KAXGZ9T5 -o json`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef(c, "name two records or events by their ids")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return runHistoryDiff(c.Context(), a, args[0], args[1]) },
	}
}

func runHistoryDiff(ctx context.Context, a *app, first, second string) (err error) {
	store, err := a.readHistory(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	before, err := store.Get(ctx, first)
	if err != nil {
		return err
	}
	after, err := store.Get(ctx, second)
	if err != nil {
		return err
	}
	found, err := event.Diff(before.Capture.Body, after.Capture.Body)
	if err != nil {
		return &incomparableError{before.ID, after.ID, err}
	}
	return a.view.Comparison(view.Comparison{Before: before, After: after, Comparison: found, Now: a.env.Now()})
}
