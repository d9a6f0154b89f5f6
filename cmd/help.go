package cmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

const flagGroup = "pbhook-group"

// inGroup puts the flags that add defines under one heading of the help page.
func inGroup(flags *pflag.FlagSet, heading string, add func(*pflag.FlagSet)) {
	part := pflag.NewFlagSet(heading, pflag.ContinueOnError)
	part.SortFlags = false
	add(part)
	part.VisitAll(func(flag *pflag.Flag) {
		if flag.Annotations == nil {
			flag.Annotations = map[string][]string{}
		}
		flag.Annotations[flagGroup] = []string{heading}
	})
	flags.SortFlags = false
	flags.AddFlagSet(part)
}

// printHelp writes a command's page: its purpose, examples that run as written, its verbs, its flags in groups, exit codes.
func printHelp(term *ui.Terminal, c *cobra.Command) {
	page := describe(c)
	fmt.Fprintln(term, ui.Wrap(page.Purpose, 0, term.Width()))
	fmt.Fprintf(term, "\n%s\n  %s\n", term.Bold("Usage"), strings.Join(page.Usage, "\n  "))
	if page.Example != "" {
		fmt.Fprintf(term, "\n%s\n%s\n", term.Bold("Examples"), page.Example)
	}
	printVerbs(term, page.Verbs, c.NamePadding()+4)
	for _, group := range page.Flags {
		printFlags(term, group.Title, group.Flags)
	}
	printFlags(term, "Global flags", globalFlagsOf(c))
	fmt.Fprintf(term, "\n%s\n", term.Bold("Exit codes"))
	for _, exit := range exitCodes() {
		printEntry(term, strconv.Itoa(exit.code), exit.meaning, codeColumn)
	}
}

// printFrontPage is what pbhook alone shows: what it is, its verbs, and what to try first.
func printFrontPage(term *ui.Terminal, root *cobra.Command) {
	page := describe(root)
	fmt.Fprintln(term, ui.Wrap(page.Purpose, 0, term.Width()))
	printVerbs(term, page.Verbs, root.NamePadding()+4)
	fmt.Fprintf(term, "\n%s\n%s\n", term.Bold("Try"), page.Example)
	more := "pbhook COMMAND --help shows examples and flags; pbhook --help the global flags and exit codes"
	fmt.Fprintf(term, "\n%s\n", term.Dim(ui.Wrap(more, 0, term.Width())))
}

func printVerbs(term *ui.Terminal, groups []VerbGroup, column int) {
	for _, group := range groups {
		fmt.Fprintf(term, "\n%s\n", term.Bold(group.Title))
		for _, verb := range group.Verbs {
			printEntry(term, verb.Name, verb.Text, column)
		}
	}
}

func printFlags(term *ui.Terminal, heading string, flags []Flag) {
	fmt.Fprintf(term, "\n%s\n", term.Bold(heading))
	for _, flag := range flags {
		printFlag(term, flag)
	}
}

// Where the text of an entry begins.
const (
	codeColumn = 8
	flagColumn = 30
	leastText  = 24 // columns; where fewer are left the text stands below its name
	belowName  = 10
)

func printFlag(term *ui.Terminal, flag Flag) {
	name := "    " + flag.Name
	if flag.Shorthand != "" {
		name = flag.Shorthand + ", " + flag.Name
	}
	text := strings.ReplaceAll(flag.Text, "`", "")
	if flag.Default != "" {
		text += " (default " + flag.Default + ")"
	}
	printEntry(term, flag.Form(name, flag.Value), text, flagColumn)
}

// printEntry lays out a name and what it stands for, whose lines begin at the column.
func printEntry(term *ui.Terminal, name, text string, column int) {
	if term.Width()-column < leastText {
		fmt.Fprintf(term, "  %s\n%s\n", term.Accent(name), ui.Wrap(text, belowName, term.Width()))
		return
	}
	lines := strings.Split(ui.Wrap(text, column, term.Width()), "\n")
	if len(name) > column-4 {
		fmt.Fprintf(term, "  %s\n%s\n", term.Accent(name), strings.Join(lines, "\n"))
		return
	}
	lines[0] = "  " + term.Accent(fmt.Sprintf("%-*s", column-2, name)) + strings.TrimLeft(lines[0], " ")
	fmt.Fprintln(term, strings.Join(lines, "\n"))
}
