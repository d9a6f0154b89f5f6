package cmd

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

// usageError is a command line that cannot be run as written; command is the path whose help answers it, and nearest
// what may have been meant.
type usageError struct {
	err     error
	command string
	nearest []string
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// valueError is a flag's value that cannot be read.
type valueError struct{ flag, value, reason string }

func (e *valueError) Error() string { return fmt.Sprintf("%s %q %s", e.flag, e.value, e.reason) }

// flagError says of a flag that cannot be parsed what it takes, rather than which function failed to parse it.
func flagError(c *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return usageError{err: err, command: c.CommandPath(), nearest: nearestFlags(c, unknown)}
	}
	invalid, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return usageError{err: err, command: c.CommandPath()}
	}
	flag := invalid.GetFlag()
	takes := takenBy(flag.Value.Type(), invalid.GetValue())
	if takes == "" {
		return usagef(c, "--%s: %w", flag.Name, invalid.Unwrap())
	}
	return usagef(c, "--%s takes %s, got %q", flag.Name, takes, invalid.GetValue())
}

// takenBy says what a flag of the type takes that does not take the value; empty where the flag says so itself.
func takenBy(kind, value string) string {
	switch kind {
	case "int", "int64":
		if wholeNumber.MatchString(value) {
			return "a whole number up to " + strconv.Itoa(math.MaxInt)
		}
		return "a whole number"
	case "duration":
		if wholeDuration.MatchString(value) {
			return fmt.Sprintf("a duration up to %dh", math.MaxInt64/time.Hour)
		}
		return "a duration such as 30s or 5m"
	case "float64":
		return "a number"
	case "bool":
		return "true or false"
	}
	return ""
}

// What has the right form and was not taken is too large.
var (
	wholeNumber   = regexp.MustCompile(`^\d+$`)
	wholeDuration = regexp.MustCompile(`^[-+]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$`)
)

// nearestFlags looks for the flag that was misspelt, or was given with one dash where it takes two.
func nearestFlags(c *cobra.Command, unknown *pflag.NotExistError) []string {
	written, oneDash := unknown.GetSpecifiedName(), false
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		written, _, _ = strings.Cut(letters, "=")
		oneDash = true
	}
	var known []string
	c.Flags().VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden && (!oneDash || flag.Name == written) {
			known = append(known, flag.Name)
		}
	})
	nearest := fixture.Nearest(written, known)
	for i, name := range nearest {
		nearest[i] = "--" + name
	}
	return nearest
}

func usagef(c *cobra.Command, format string, args ...any) error {
	return usageError{err: fmt.Errorf(format, args...), command: c.CommandPath()}
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef(c, "%s takes no argument, got %q", c.CommandPath(), args[0])
	}
	return nil
}

// oneArgument asks for exactly one argument, and says what it should be.
func oneArgument(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usagef(c, "%s", what)
		}
		return nil
	}
}

// stdinTwice refuses a command line on which two places ask for stdin, which can be read once.
func stdinTwice(c *cobra.Command, first, second string) error {
	return usagef(c, "stdin can be read once, and both %s and %s ask for it", first, second)
}

// noVerb is what remains of a command line when its first word is not a verb of c.
func noVerb(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if verb, known := otherTools()[args[0]]; known && !c.HasParent() {
		return noCommand(c, args[0], verb)
	}
	c.SuggestionsMinimumDistance = 2
	return noCommand(c, args[0], c.SuggestionsFor(args[0])...)
}

// refuseUnknownTopics lets help fail for what is no command, where the library's own shows the page of the command before it.
func refuseUnknownTopics(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	help, _, err := root.Find([]string{"help"})
	if err != nil {
		panic(err) // it was just made
	}
	help.Run = nil
	help.RunE = func(_ *cobra.Command, words []string) error {
		topic, rest, err := root.Find(words)
		if err == nil && topic.HasSubCommands() && len(rest) > 0 {
			err = topic.ValidateArgs(rest)
		}
		if err != nil {
			return err
		}
		return topic.Help()
	}
}

// otherTools gives by the verbs of other tools for webhooks what pbhook has for them.
func otherTools() map[string]string {
	return map[string]string{
		"trigger": "send", "receive": "listen", "serve": "listen", "forward": "listen --forward-to", "resend": "replay",
		"retry": "replay", "logs": "history", "init": "scaffold", "expose": "tunnel", "test": "check",
	}
}

func noCommand(c *cobra.Command, word string, nearest ...string) error {
	for i, verbs := range nearest {
		nearest[i] = c.CommandPath() + " " + verbs
	}
	return usageError{
		err: fmt.Errorf("there is no command %q", c.CommandPath()+" "+word), command: c.CommandPath(), nearest: nearest,
	}
}
