package capture

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// shellCalls are the arguments that a whole shell gives curl. It runs nothing else and opens nothing.
func shellCalls(t *testing.T, command string) (calls [][]string, err error) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(command), "")
	if err != nil {
		return nil, err
	}
	var several sync.Mutex
	exec := func(interp.ExecHandlerFunc) interp.ExecHandlerFunc {
		return func(_ context.Context, args []string) error {
			several.Lock()
			defer several.Unlock()
			if args[0] == "curl" {
				calls = append(calls, args)
			}
			return nil
		}
	}
	open := func(context.Context, string, int, os.FileMode) (io.ReadWriteCloser, error) {
		return nil, fs.ErrPermission
	}
	runner, err := interp.New(interp.ExecHandlers(exec), interp.OpenHandler(open), interp.Dir(t.TempDir()), interp.Env(nil), interp.Params("-f"))
	if err != nil {
		t.Fatal(err)
	}
	_ = runner.Run(t.Context(), file) // what a command returns is not asked for
	return calls, nil
}

// FuzzCurl keeps two laws: the words that are read are those of a whole shell, where both take the command; and what was read, written and read again is the same.
func FuzzCurl(f *testing.F) {
	for _, request := range corpus() {
		if len(request.Body) < 4096 {
			var command strings.Builder
			if err := WriteCurl(&command, request); err != nil {
				f.Fatal(err)
			}
			f.Add(command.String())
		}
	}
	f.Add("curl 'a'\"b\\\"\\$c\\d\"$'\\'\\t\\x4g\\u00e9\\101\\0z'\\e\\\nf # g\ncurl h#i; curl \"$(printf '%%\\\\\\n\\n')\" x{y z}")
	f.Add("curl <<'E' $'\\777' 2>x\n'\nE\ncurl <<-\"F\" a\n\tb\n\tF\necho -n a | curl $ \"$\" a$")
	f.Fuzz(func(t *testing.T, text string) {
		lawHolds(t, FormatCurl, text)
		// Line breaks of Windows are read more leniently; operators that run some commands only are not followed; \c is an
		// escape for Bash, and not for the shell that is asked.
		if strings.ContainsAny(text, "\r&~\x00") || strings.Contains(text, `\c`) || strings.Contains(text, "||") {
			return
		}
		lexer := newShellLexer(bufio.NewReader(strings.NewReader(text)), 1<<20)
		var want [][]string
		for {
			commands, err := lexer.pipeline()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return
			}
			for _, command := range commands {
				if len(command.words) == 0 || !slices.Contains([]string{"curl", "printf", "echo", "cat"}, command.words[0]) || command.input != nil && command.input.file != "" {
					return
				}
				if command.words[0] == "curl" {
					want = append(want, command.words)
				}
			}
			if len(commands) > 1 && strings.Count(text, "curl") > 1 {
				return // those of one pipeline run at once, in any order
			}
		}
		got, err := shellCalls(t, text)
		if err != nil {
			return // what no shell takes, none reads otherwise
		}
		if diff := cmp.Diff(want, got); diff != "" && !strings.Contains(text, ">") {
			t.Fatalf("%s\n%q", diff, text)
		}
	})
}
