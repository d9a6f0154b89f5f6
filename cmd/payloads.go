package cmd

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

// payloadFlags say what the payloads of a run are made of.
type payloadFlags struct {
	library  libraryFlags
	edits    []fixture.Edit // in the order of the command line
	data     string
	seed     seedFlag
	pristine bool
	fresh    bool
	noCheck  bool
	scenario string
	params   []string
}

func (p *payloadFlags) add(flags *pflag.FlagSet) {
	flags.Var(p.edit(fixture.ParseSet), "set", "set `PATH=VALUE` in the payload, as in data.owner=0xabc; a VALUE that is JSON is taken as such")
	flags.Var(p.edit(fixture.ParseSetString), "set-string", "set `PATH=VALUE`, always as a string")
	flags.Var(p.edit(fixture.ParseUnset), "unset", "remove `PATH` from the payload")
	flags.StringVar(&p.data, "data", "", "put this `JSON` object, @FILE or - for stdin, in place of the payload's data")
	flags.Var(&p.seed, "seed", "make the same payloads, byte for byte, in every run with this `NUMBER`; times begin at 2025-01-15T10:30:00Z")
	flags.BoolVar(&p.pristine, "pristine", false, "send the documented sample as it stands, with its old id and times")
	flags.BoolVar(&p.fresh, "fresh", false, "give a payload of your own (a file or stdin) a new id and times too")
	flags.BoolVar(&p.noCheck, "no-validate", false, "go on with paths that do not exist and values that break the schema")
	flags.StringVar(&p.scenario, "scenario", "", "send the events of a story, by `NAME` or file; pbhook fixtures list shows them")
	flags.StringArrayVar(&p.params, "param", nil, "set `NAME=VALUE` among the parameters of the scenario, as in count=50")
	p.library.add(flags)
}

// edit makes a flag whose occurrences join the list of edits in their order.
func (p *payloadFlags) edit(parse func(string) (fixture.Edit, error)) *editFlag {
	return &editFlag{list: &p.edits, parse: parse}
}

type editFlag struct {
	list  *[]fixture.Edit
	parse func(string) (fixture.Edit, error)
}

func (*editFlag) Type() string   { return "edit" }
func (*editFlag) String() string { return "" }

func (e *editFlag) Set(text string) error {
	edit, err := e.parse(text)
	*e.list = append(*e.list, edit)
	return err
}

// seedFlag is a number that may be absent, zero being a seed like any other.
type seedFlag struct{ value *uint64 }

func (*seedFlag) Type() string { return "number" }

func (s *seedFlag) String() string {
	if s.value == nil {
		return ""
	}
	return strconv.FormatUint(*s.value, 10)
}

func (s *seedFlag) Set(text string) error {
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a whole number from 0", text)
	}
	s.value = &number
	return nil
}

// allEdits gives the edits in order; --data comes first, so that --set can change what it brought.
func (p *payloadFlags) allEdits(stdin io.Reader) ([]fixture.Edit, error) {
	var edits []fixture.Edit
	if p.data != "" {
		object, err := readArgument(p.data, stdin)
		if err != nil {
			return nil, err
		}
		edit, err := fixture.ParseData(object)
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit)
	}
	return append(edits, p.edits...), nil
}

// readArgument gives a value that stands on the command line, or behind it: @FILE, or - for stdin.
func readArgument(value string, stdin io.Reader) ([]byte, error) {
	if path, ok := strings.CutPrefix(value, "@"); ok {
		return readFile(path)
	}
	if value == "-" {
		return readInput(value, stdin)
	}
	return []byte(value), nil
}

// readInput gives the content of a file, or of stdin for -.
func readInput(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		return readBounded("stdin", stdin)
	}
	return readFile(name)
}

func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readBounded(path, file)
}

func readBounded(name string, r io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, fixture.MaxBody+1))
	if err == nil && len(content) > fixture.MaxBody {
		err = &fixture.TooLargeError{Source: name, Limit: fixture.MaxBody}
	}
	return content, err
}

// samples gives what the arguments of a verb select: event types, globs and all from the library, files and stdin as they are.
func (p *payloadFlags) samples(c *cobra.Command, library *fixture.Library, args []string, stdin io.Reader) ([]fixture.Sample, error) {
	var samples []fixture.Sample
	for _, arg := range args {
		switch {
		case arg == "-":
			body, err := readBounded("stdin", stdin)
			if err != nil {
				return nil, err
			}
			if len(body) == 0 {
				return nil, usagef(c, "stdin is empty: there is no payload to send")
			}
			if samples, err = appendBody(samples, "stdin", body); err != nil {
				return nil, err
			}
		case strings.HasSuffix(arg, ".json"):
			body, err := readFile(arg)
			if err != nil {
				return nil, err
			}
			if samples, err = appendBody(samples, arg, body); err != nil {
				return nil, err
			}
		default:
			selected, err := library.Select(arg)
			if err != nil {
				return nil, err
			}
			samples = append(samples, selected...)
		}
	}
	return samples, nil
}

func appendBody(samples []fixture.Sample, name string, body []byte) ([]fixture.Sample, error) {
	sample, err := fixture.FromBody(name, body)
	return append(samples, sample), err
}
