//go:build e2e

package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// TestTheScriptOfTheCIPageRuns runs it as it stands, at the Express example, on a port that is free here.
func TestTheScriptOfTheCIPageRuns(t *testing.T) {
	page, err := os.ReadFile("../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "## A script\n")
	_, rest, _ = strings.Cut(rest, "```sh\n")
	script, _, found := strings.Cut(rest, "```")
	if !found || strings.Count(script, "pbhook send ") != 2 {
		t.Fatalf("the script is %q", script)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	out, err := shell(t, prepareExample(t, "express").dir, strings.ReplaceAll(script, ":3000", ":"+port),
		"PORT="+port, "PBHOOK_TO=http://localhost:"+port+"/webhooks/pocketbook")
	if err != nil || !strings.Contains(out, "10 of 10 delivered") || !strings.Contains(out, "<-- 401 Unauthorized") {
		t.Errorf("it ends with %v and prints\n%s", err, out)
	}
}

// shell runs a script with pbhook on its path.
func shell(t *testing.T, dir, script string, environment ...string) (string, error) {
	t.Helper()
	bin := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "pbhook"), "..")
	build.Env = append(os.Environ(), "GOFLAGS="+goFlags())
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	command := exec.CommandContext(t.Context(), "sh", "-c", script)
	command.Dir = dir
	command.Env = append(append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH")), environment...)
	out, err := command.CombinedOutput()
	return string(out), err
}

// action is what is looked at of .github/actions/check/action.yml.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			Run, Shell string
			Env        map[string]string
		}
	}
}

// TestTheActionChecksAnApp runs its steps as a job would, at the Express example.
func TestTheActionChecksAnApp(t *testing.T) {
	read, _ := readAction(t)
	folder, err := filepath.Abs("../.github/actions/check")
	if err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	dir, report := prepareExample(t, "express").dir, filepath.Join(t.TempDir(), "report.xml")
	environment := append(os.Environ(), "GOFLAGS="+goFlags(), "RUNNER_TEMP="+t.TempDir(), "GITHUB_ACTION_PATH="+folder, "PORT="+port,
		"URL=http://localhost:"+port+"/webhooks/pocketbook", "START=npm start", "WAIT_FOR=:"+port, "WAIT=", "JUNIT="+report, "ARGS=--fail-on info")
	var out []byte
	for _, step := range read.Runs.Steps {
		if step.Run == "" {
			continue
		}
		command := exec.CommandContext(t.Context(), "bash", "-e", "-o", "pipefail", "-c", step.Run)
		command.Dir, command.Env = dir, environment
		if out, err = command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	if !strings.Contains(string(out), "50 cases: 49 passed, 1 skipped; grade A") {
		t.Errorf("it printed\n%s", out)
	}
	if written, err := os.ReadFile(report); err != nil || !strings.Contains(string(written), "<testsuites") {
		t.Errorf("the report is %q, %v", written, err)
	}
}

func readAction(t *testing.T) (action, string) {
	t.Helper()
	text, err := os.ReadFile("../.github/actions/check/action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var read action
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read, string(text)
}

// TestTheActionHandsItsInputsToCheck runs the action's own step with a pbhook that prints its arguments.
func TestTheActionHandsItsInputsToCheck(t *testing.T) {
	read, text := readAction(t)
	step := read.Runs.Steps[len(read.Runs.Steps)-1]
	for name := range read.Inputs {
		if !strings.Contains(text, "${{ inputs."+name+" }}") {
			t.Errorf("the input %s is not used", name)
		}
	}
	if strings.Contains(step.Run, "${{") || step.Shell != "bash" {
		t.Errorf("an input is written into the script:\n%s", step.Run)
	}
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "pbhook"), []byte("#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 6\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		inputs []string
		want   []string
	}{
		"the least": {
			[]string{"URL=http://localhost:3000/", "JUNIT=pbhook.xml"},
			[]string{"check", "http://localhost:3000/", "--junit", "pbhook.xml"},
		},
		"everything, with what a shell would act on": {
			[]string{"URL=u", "JUNIT=j x", "START=PORT=1 npm start; $(echo no)", "WAIT_FOR=:3000", "WAIT=1m", `ARGS=--skip 'size.* x' --fail-on  medium`},
			[]string{
				"check", "u", "--junit", "j x", "--start=PORT=1 npm start; $(echo no)", "--wait-for=:3000", "--wait=1m",
				"--skip", "size.* x", "--fail-on", "medium",
			},
		},
	} {
		command := exec.CommandContext(t.Context(), "bash", "-e", "-o", "pipefail", "-c", step.Run)
		command.Env = append(os.Environ(), "RUNNER_TEMP="+bin)
		for variable := range step.Env {
			given := slices.IndexFunc(test.inputs, func(input string) bool { return strings.HasPrefix(input, variable+"=") })
			if given >= 0 {
				command.Env = append(command.Env, test.inputs[given])
			} else {
				command.Env = append(command.Env, variable+"=")
			}
		}
		out, err := command.Output()
		if command.ProcessState.ExitCode() != 6 {
			t.Errorf("%s: the step ends with %v, not as pbhook did", name, err)
		}
		if diff := cmp.Diff(test.want, strings.Split(strings.TrimSpace(string(out)), "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
