package cmd

import (
	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// completeTypes offers the event types to the shell, and nothing else.
func (a *app) completeTypes(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	library, schemas, err := a.library(libraryFlags{})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, entry := range library.Types() {
		names = append(names, cobra.CompletionWithDesc(string(entry.Type), schemas.Description(entry.Type)))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeEvents offers what send takes: event types, all of them, and files.
func (a *app) completeEvents(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	names, _ := a.completeTypes(c, args, word)
	return append(names, cobra.CompletionWithDesc("all", "Every event type.")), cobra.ShellCompDirectiveDefault
}

func (a *app) completeScenarios(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	library, _, err := a.library(libraryFlags{})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	scenarios, err := library.Scenarios()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, s := range scenarios {
		names = append(names, cobra.CompletionWithDesc(s.Name, s.Description))
	}
	return names, cobra.ShellCompDirectiveDefault
}

// completeFlags offers the values of those flags of c that take one of a few words.
func completeFlags(c *cobra.Command, words map[string][]string) {
	for name, known := range words {
		completeFlag(c, name, cobra.FixedCompletions(known, cobra.ShellCompDirectiveNoFileComp))
	}
}

func completeFlag(c *cobra.Command, name string, complete cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(name, complete); err != nil {
		panic(err) // a flag that was never defined
	}
}

func globalWords() map[string][]string {
	return map[string][]string{"output": {"text", "json"}, "color": ui.Modes()}
}

func sendWords() map[string][]string {
	return map[string][]string{
		"tamper":   {string(delivery.TamperBody), string(delivery.TamperSignature), string(delivery.TamperSecret)},
		"print":    view.RequestFormats(),
		"schedule": {"standard"},
	}
}
