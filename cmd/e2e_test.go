//go:build e2e

package cmd_test

import (
	"errors"
	"maps"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestEndToEnd runs pbhook against real components: the Express example under node, sh and curl. One that is missing fails.
func TestEndToEnd(t *testing.T) {
	for _, tool := range []string{"node", "npm", "sh", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatal(err)
		}
	}
	example := installExample(t)
	commands := scriptCommands()
	maps.Copy(commands, example.commands())
	commands["exits"] = exits
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/e2e",
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup:              scriptSetup,
		Cmds:               commands,
	})
}

// exits runs a command and fails unless it ends with the exit code: exits CODE COMMAND [ARGS...].
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGS...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var failed *exec.ExitError
	got := 0
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
