package cmd

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

// Manual is what pbhook tells of itself, as data: help shows it on a terminal, the man pages and docs/commands on paper.
type Manual struct {
	Pages       []Page // pbhook's own first, then each command's before those of the commands below it; none is hidden
	GlobalFlags []Flag
	ExitCodes   []Entry
	Variables   []Entry
	Files       []Entry
}

// Page is one command.
type Page struct {
	Command string   // with the commands above it, as in "pbhook history diff"
	Short   string   // one line, without a full stop
	Purpose string   // paragraphs, parted by empty lines
	Usage   []string // lines; two where a command does something by itself and has commands below it
	Example string   // command lines, each indented by two spaces
	Verbs   []VerbGroup
	Flags   []FlagGroup // without the global ones
}

// VerbGroup is the commands below one command that stand under one heading.
type VerbGroup struct {
	Title string
	Verbs []Entry
}

// FlagGroup is the flags of a command that stand under one heading.
type FlagGroup struct {
	Title string
	Flags []Flag
}

// Flag is one flag of a command.
type Flag struct {
	Name      string // with its dashes
	Shorthand string // with its dash, or empty
	Value     string // what stands for the value; empty for a flag that is on or off
	Optional  bool   // whether the flag may stand without its value
	Text      string // what it does; `backquotes` are around what stands for the value
	Default   string // empty where the text says it, or there is none
}

// Form is the flag under this name with its value as it is written: NAME, NAME VALUE or NAME[=VALUE].
func (f Flag) Form(name, value string) string {
	switch {
	case f.Value == "":
		return name
	case f.Optional:
		return name + "[=" + value + "]"
	default:
		return name + " " + value
	}
}

// Entry is a name and what it stands for.
type Entry struct{ Name, Text string }

// NewManual describes every command.
func NewManual() Manual {
	env := Env{
		Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{},
		LookupEnv: func(string) (string, bool) { return "", false },
	}
	root := newRootCommand(newApp(env, Version{}, false))
	manual := Manual{GlobalFlags: globalFlagsOf(root), Variables: variables(), Files: files()}
	for _, exit := range exitCodes() {
		manual.ExitCodes = append(manual.ExitCodes, Entry{strconv.Itoa(exit.code), exit.meaning})
	}
	manual.addPages(root)
	return manual
}

func (m *Manual) addPages(c *cobra.Command) {
	m.Pages = append(m.Pages, describe(c))
	for _, verb := range c.Commands() {
		if verb.IsAvailableCommand() {
			m.addPages(verb)
		}
	}
}

// describe is the page of one command.
func describe(c *cobra.Command) Page {
	purpose := c.Long
	if purpose == "" {
		purpose = c.Short
	}
	flags := flagGroups(c) // it collects the flags, which the usage line is about too
	return Page{
		Command: c.CommandPath(),
		Short:   c.Short,
		Purpose: flow(strings.TrimSpace(purpose)),
		Usage:   usageLines(c),
		Example: strings.Trim(c.Example, "\n"),
		Verbs:   verbGroups(c),
		Flags:   flags,
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

func usageLines(c *cobra.Command) []string {
	if !c.HasAvailableSubCommands() {
		return []string{c.UseLine()}
	}
	verbs := c.CommandPath() + " COMMAND [flags]"
	if c.HasParent() && c.LocalNonPersistentFlags().HasFlags() {
		return []string{c.UseLine(), verbs}
	}
	return []string{verbs}
}

// verbGroups gives the commands below c in their order; where they have no groups they stand under one heading.
func verbGroups(c *cobra.Command) []VerbGroup {
	headings := c.Groups()
	if len(headings) == 0 {
		headings = []*cobra.Group{{Title: "Commands"}}
	}
	var groups []VerbGroup
	for _, heading := range headings {
		group := VerbGroup{Title: heading.Title}
		for _, verb := range c.Commands() {
			if verb.GroupID == heading.ID && verb.IsAvailableCommand() {
				group.Verbs = append(group.Verbs, Entry{verb.Name(), verb.Short})
			}
		}
		if len(group.Verbs) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// flagGroups gives the flags of c and of the commands above it, but for the global ones.
func flagGroups(c *cobra.Command) []FlagGroup {
	global := c.Root().PersistentFlags()
	var groups []FlagGroup
	place := map[string]int{}
	add := func(flag *pflag.Flag) {
		if flag.Hidden || global.Lookup(flag.Name) != nil {
			return
		}
		heading := "Flags"
		if named := flag.Annotations[flagGroup]; len(named) > 0 {
			heading = named[0]
		}
		at, known := place[heading]
		if !known {
			at = len(groups)
			place[heading] = at
			groups = append(groups, FlagGroup{Title: heading})
		}
		groups[at].Flags = append(groups[at].Flags, describeFlag(flag))
	}
	c.LocalFlags().VisitAll(add)
	c.InheritedFlags().VisitAll(add)
	return groups
}

func globalFlagsOf(c *cobra.Command) []Flag {
	var global []Flag
	c.Root().PersistentFlags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden {
			global = append(global, describeFlag(flag))
		}
	})
	return global
}

func describeFlag(flag *pflag.Flag) Flag {
	described := Flag{Name: "--" + flag.Name, Text: flag.Usage}
	if flag.Shorthand != "" {
		described.Shorthand = "-" + flag.Shorthand
	}
	if flag.Value.Type() != "bool" {
		described.Value, _ = pflag.UnquoteUsage(flag)
		described.Optional = flag.NoOptDefVal != ""
	}
	value := strings.Trim(flag.DefValue, "[]") // as a list is written on a command line
	if zero := map[string]bool{"": true, "0": true, "0s": true, "false": true}; !zero[value] {
		described.Default = value
	}
	return described
}

// variables lists the environment variables that pbhook reads.
func variables() []Entry {
	var listed []Entry
	for _, variable := range config.Variables() {
		listed = append(listed, Entry{variable.Name, variable.Help})
	}
	return append(listed,
		Entry{"COLUMNS", "how wide output is, in place of what the terminal says"},
		Entry{"GITHUB_ACTIONS, GITHUB_STEP_SUMMARY", "check annotates the job, and adds to its summary what --markdown writes there"},
		Entry{"HTTP_PROXY, HTTPS_PROXY, NO_PROXY", "the proxy of what is sent, and the hosts that are reached without it"},
		Entry{"NO_COLOR, CLICOLOR_FORCE", "no colour, and colour also where there is no terminal"},
		Entry{"SSH_AUTH_SOCK", "the agent whose keys an SSH tunnel offers"},
		Entry{"XDG_CONFIG_HOME, XDG_STATE_HOME", "the folders of your configuration and of the history"},
	)
}

// files lists the files that pbhook reads and writes unasked.
func files() []Entry {
	return []Entry{
		{"~/.config/pbhook/config.yaml", "your own configuration; pbhook config path prints where it is on this machine"},
		{"~/.local/state/pbhook/history.db", "what was received; pbhook history path prints where it is on this machine"},
		{"./" + config.ProjectFile, "the configuration of a project, which a team may share"},
		{"./.env", "signing secrets and tokens that are not in the environment"},
		{"./fixtures", "events, schemas and scenarios of your own, which win over pbhook's"},
	}
}
