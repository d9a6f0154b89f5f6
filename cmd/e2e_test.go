//go:build e2e

package cmd_test

import (
	"errors"
	"maps"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pocketbook-studio/pbhook/docs/examples"
)

// TestEndToEnd runs pbhook against real components: an example under node, sh and curl. One that is missing fails.
func TestEndToEnd(t *testing.T) {
	for _, tool := range []string{"node", "npm", "sh", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatal(err)
		}
	}
	runWithExample(t, "testdata/e2e", "express")
}

// TestExamples runs the same scripts against every example under its real framework.
func TestExamples(t *testing.T) {
	for _, example := range examples.All() {
		t.Run(example.Name, func(t *testing.T) { runWithExample(t, "testdata/e2e/examples", example.Name) })
	}
}

func runWithExample(t *testing.T, scripts, name string) {
	apps := &runningExamples{example: prepareExample(t, name), running: map[string]*exampleServer{}}
	commands := scriptCommands()
	maps.Copy(commands, apps.commands())
	commands["exits"] = exits
	testscript.Run(t, testscript.Params{
		Dir:                scripts,
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup:              apps.setup,
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
