package cmd

import (
	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

func newCheckListCommand(a *app) *cobra.Command {
	var cases caseFlags
	c := &cobra.Command{
		Use:   "list",
		Short: "List the cases, with their severity and the right answer",
		Example: `  pbhook check list
  pbhook check list --select 'auth.*'`,
		Args:        noArgs,
		Annotations: map[string]string{skipsConfig: "yes"},
		RunE: func(*cobra.Command, []string) error {
			selected, err := probe.Select(cases.only, cases.skip)
			if err != nil {
				return err
			}
			return a.view.Cases(selected)
		},
	}
	inGroup(c.Flags(), "Cases", cases.add)
	return c
}

func newCheckExplainCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:         "explain CASE",
		Short:       "Tell what a case sends, why it matters and what to do about a failure",
		Example:     `  pbhook check explain rot.first`,
		Args:        oneArgument("name one case; pbhook check list shows them"),
		Annotations: map[string]string{skipsConfig: "yes"},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, c := range probe.Cases() {
				ids = append(ids, cobra.CompletionWithDesc(c.ID, c.Title))
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			selected, err := probe.Select(args, nil)
			if err != nil {
				return err
			}
			for _, one := range selected {
				if err := a.view.CasePage(one); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
