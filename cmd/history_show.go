package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

func newHistoryShowCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID...",
		Short: "Show all of a record: request, signature, drift, answer, forwards",
		Example: `  pbhook history show last
  pbhook history show STPY2
  pbhook history show last -o json | pbhook verify --at received`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef(c, "name a record or an event by its id, or last")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return runHistoryShow(c.Context(), a, args) },
	}
}

func runHistoryShow(ctx context.Context, a *app, refs []string) (err error) {
	store, err := a.readHistory(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	for i, ref := range refs {
		record, err := store.Get(ctx, ref)
		if err != nil {
			return err
		}
		if i > 0 {
			a.view.Gap()
		}
		if err := a.view.Record(record, a.env.Now()); err != nil {
			return err
		}
	}
	return nil
}
