package cmd

import (
	"strings"

	"github.com/spf13/cobra"
)

// historyLimit is how many records a list shows unless it is told otherwise.
const historyLimit = 30

func newHistoryCommand(a *app) *cobra.Command {
	var store storeFlags
	opts := listOptions{query: queryFlags{limit: historyLimit}}
	c := &cobra.Command{
		Use:     "history",
		GroupID: groupReceive,
		Short:   "Look at, compare, export and prune what was received",
		Long: "Look at, compare, export and prune what was received and replayed.\n\n" +
			"pbhook listen keeps every request in a file of yours before it answers. An ID is that of a record or of an event; a " +
			"beginning or an ending of one will do while it is unique, and last is the newest. Without a command the records are listed.",
		Example: `  pbhook history
  pbhook history show last
  pbhook history list --events 'voucher.*' --status 4xx,none --since 1h
  pbhook history diff STPY2 6V2BM
  pbhook history export last --as fixture --dir ./fixtures`,
		Args: noHistoryVerb,
		RunE: func(c *cobra.Command, _ []string) error { return runHistoryList(c.Context(), a, opts) },
	}
	inGroup(c.PersistentFlags(), "History", store.add)
	inGroup(c.Flags(), "Filters", opts.query.add)
	c.AddCommand(
		newHistoryListCommand(a),
		newHistoryShowCommand(a),
		newHistorySearchCommand(a),
		newHistoryDiffCommand(a),
		newHistoryExportCommand(a),
		newHistoryImportCommand(a),
		newHistoryPruneCommand(a),
		newHistoryPathCommand(a),
	)
	return c
}

// noHistoryVerb takes last and what looks like an id for what show was meant for.
func noHistoryVerb(c *cobra.Command, args []string) error {
	if len(args) > 0 && (args[0] == "last" || strings.HasPrefix(args[0], "evt_")) {
		return noCommand(c, args[0], "show "+args[0])
	}
	return noVerb(c, args)
}

func newHistoryPathCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "path",
		Short:   "Print where the history is, or would be",
		Example: `  pbhook history path`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			path, err := a.historyFile()
			if err != nil {
				return err
			}
			return a.view.HistoryPath(path)
		},
	}
}
