package cmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageError is a command line that cannot be run as written; command is the path whose help answers it.
type usageError struct {
	err     error
	command string
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// valueError is a flag's value that cannot be read.
type valueError struct{ flag, value, reason string }

func (e *valueError) Error() string { return fmt.Sprintf("%s %q %s", e.flag, e.value, e.reason) }

// flagError says of a flag that cannot be parsed what it takes, rather than which function failed to parse it.
func flagError(c *cobra.Command, err error) error {
	invalid, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return usageError{err: err, command: c.CommandPath()}
	}
	flag := invalid.GetFlag()
	takes, known := map[string]string{
		"int": "a whole number", "duration": "a duration such as 30s or 5m", "float64": "a number", "bool": "true or false",
	}[flag.Value.Type()]
	if !known {
		return usagef(c, "--%s: %w", flag.Name, invalid.Unwrap())
	}
	return usagef(c, "--%s takes %s, got %q", flag.Name, takes, invalid.GetValue())
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
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return usagef(c, "there is no command %q; did you mean %q?", c.CommandPath()+" "+args[0], c.CommandPath()+" "+near[0])
	}
	return usagef(c, "there is no command %q", c.CommandPath()+" "+args[0])
}
