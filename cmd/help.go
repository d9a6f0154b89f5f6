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
	purpose := c.Long
	if purpose == "" {
		purpose = c.Short
	}
	fmt.Fprintln(term, ui.Wrap(flow(strings.TrimSpace(purpose)), 0, term.Width()))
	fmt.Fprintf(term, "\n%s\n  %s\n", term.Bold("Usage"), usageLine(c))
	if c.Example != "" {
		fmt.Fprintf(term, "\n%s\n%s\n", term.Bold("Examples"), strings.Trim(c.Example, "\n"))
	}
	printVerbs(term, c)
	printFlags(term, c.LocalFlags(), "Flags")
	printFlags(term, c.InheritedFlags(), "Global flags")
	fmt.Fprintf(term, "\n%s\n", term.Bold("Exit codes"))
	for _, exit := range exitCodes() {
		printEntry(term, strconv.Itoa(exit.code), exit.meaning, codeColumn)
	}
}

// flow joins the lines of each paragraph, which were broken for those who read the source; what is indented stays.
func flow(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i, paragraph := range paragraphs {
		if !strings.Contains(paragraph, "\n ") && !strings.HasPrefix(paragraph, " ") {
			paragraphs[i] = strings.ReplaceAll(paragraph, "\n", " ")
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// printFrontPage is what pbhook alone shows: what it is, its verbs, and what to try first.
func printFrontPage(term *ui.Terminal, root *cobra.Command) {
	fmt.Fprintln(term, ui.Wrap(root.Long, 0, term.Width()))
	printVerbs(term, root)
	fmt.Fprintf(term, "\n%s\n%s\n", term.Bold("Try"), root.Example)
	more := "pbhook COMMAND --help shows examples and flags; pbhook --help the global flags and exit codes"
	fmt.Fprintf(term, "\n%s\n", term.Dim(ui.Wrap(more, 0, term.Width())))
}

func usageLine(c *cobra.Command) string {
	if c.HasAvailableSubCommands() {
		return c.CommandPath() + " COMMAND [flags]"
	}
	return c.UseLine()
}

func printVerbs(term *ui.Terminal, c *cobra.Command) {
	if !c.HasAvailableSubCommands() {
		return
	}
	for _, group := range verbGroups(c) {
		fmt.Fprintf(term, "\n%s\n", term.Bold(group.Title))
		for _, verb := range c.Commands() {
			if verb.GroupID == group.ID && verb.IsAvailableCommand() {
				printEntry(term, verb.Name(), verb.Short, c.NamePadding()+4)
			}
		}
	}
}

// verbGroups gives the groups in their order; a command without groups lists its verbs under one heading.
func verbGroups(c *cobra.Command) []*cobra.Group {
	if groups := c.Groups(); len(groups) > 0 {
		return groups
	}
	return []*cobra.Group{{ID: "", Title: "Commands"}}
}

func printFlags(term *ui.Terminal, flags *pflag.FlagSet, rest string) {
	var headings []string
	groups := map[string][]*pflag.Flag{}
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden {
			return
		}
		heading := rest
		if named := flag.Annotations[flagGroup]; len(named) > 0 {
			heading = named[0]
		}
		if groups[heading] == nil {
			headings = append(headings, heading)
		}
		groups[heading] = append(groups[heading], flag)
	})
	for _, heading := range headings {
		fmt.Fprintf(term, "\n%s\n", term.Bold(heading))
		for _, flag := range groups[heading] {
			printFlag(term, flag)
		}
	}
}

// Where the text of an entry begins.
const (
	codeColumn = 8
	flagColumn = 30
	leastText  = 24 // columns; where fewer are left the text stands below its name
	belowName  = 10
)

func printFlag(term *ui.Terminal, flag *pflag.Flag) {
	placeholder, text := pflag.UnquoteUsage(flag)
	name := "    --" + flag.Name
	if flag.Shorthand != "" {
		name = "-" + flag.Shorthand + ", --" + flag.Name
	}
	switch {
	case flag.Value.Type() == "bool":
	case flag.NoOptDefVal != "":
		name += "[=" + placeholder + "]"
	default:
		name += " " + placeholder
	}
	if zero := map[string]bool{"": true, "0": true, "0s": true, "false": true, "[]": true}; !zero[flag.DefValue] {
		text += " (default " + flag.DefValue + ")"
	}
	printEntry(term, name, text, flagColumn)
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
