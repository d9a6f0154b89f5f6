package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// pageRows is how many records are laid out at once, so that a long list needs little memory.
const pageRows = 200

type listOptions struct {
	query  queryFlags
	search string // show where this text occurs
}

func newHistoryListCommand(a *app) *cobra.Command {
	opts := listOptions{query: queryFlags{limit: historyLimit}}
	c := &cobra.Command{
		Use:   "list",
		Short: "List records, the newest first",
		Example: `  pbhook history list --limit 100
  pbhook history list --events 'certificate.*' --signature invalid --since 10m
  pbhook history list --not-taken --since 1h
  pbhook history list --status 4xx,5xx,none -o json`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runHistoryList(c.Context(), a, opts) },
	}
	inGroup(c.Flags(), "Filters", opts.query.add)
	return c
}

func newHistorySearchCommand(a *app) *cobra.Command {
	opts := listOptions{query: queryFlags{limit: historyLimit}}
	c := &cobra.Command{
		Use:   "search TEXT",
		Short: "List records that have a text in their body or header, and show where",
		Example: `  pbhook history search 0x1234567890
  pbhook history search 'X-Env: staging' --since 7d`,
		Args: oneArgument("name the text to look for; case matters"),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case args[0] == "":
				return usagef(c, "the text to look for is empty")
			case opts.query.grep != "":
				return usagef(c, "search takes its TEXT alone; leave out --grep")
			}
			opts.search, opts.query.grep = args[0], args[0]
			return runHistoryList(c.Context(), a, opts)
		},
	}
	inGroup(c.Flags(), "Filters", opts.query.add)
	return c
}

// runHistoryList looks for one record more than it shows, to tell whether there are more.
func runHistoryList(ctx context.Context, a *app, opts listOptions) (err error) {
	query, err := opts.query.query(a)
	if err != nil {
		return err
	}
	store, err := a.readHistory(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	limit := query.Limit
	if limit > 0 {
		query.Limit++
	}
	list := a.view.Records(view.RecordsOptions{Now: a.env.Now(), Search: opts.search, PageRows: pageRows})
	var damaged error
	for record, err := range store.List(ctx, query) {
		switch {
		case limit > 0 && list.Len() == limit:
			return errors.Join(list.Close(true), damaged)
		case isDamaged(err):
			a.view.Problem(diagnose(err))
			damaged = &shownError{err}
		case err != nil:
			return err
		default:
			if err := list.Add(record); err != nil {
				return err
			}
		}
	}
	return errors.Join(list.Close(false), damaged)
}

// isDamaged tells the damage of one record, behind which a list goes on.
func isDamaged(err error) bool {
	damaged, ok := errors.AsType[*history.DamagedError](err)
	return ok && damaged.Record != ""
}
