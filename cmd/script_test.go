package cmd_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/term"

	"github.com/pocketbook-studio/pbhook/cmd"
)

var update = flag.Bool("update", false, "rewrite the expectations of the scripts to what the commands print now")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pbhook": pbhook})
}

// pbhook is the command as main runs it, for scripts to call.
func pbhook() {
	var listener net.ListenConfig
	os.Exit(cmd.Main(cmd.Signals(context.Background(), os.Exit), cmd.Env{
		Stdin: os.Stdin, Stdout: watched(os.Stdout), Stderr: watched(os.Stderr),
		LookupEnv: os.LookupEnv,
		Now:       time.Now,
		Rand:      rand.Reader,
		Listen:    listener.Listen,
	}, cmd.Version{Number: "1.2.3-test"}, os.Args[1:]))
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		Setup:               scriptSetup,
		Cmds:                scriptCommands(),
	})
}

// scriptSecret is the signing secret of every script; it must never turn up in any output, and neither must its middle.
const (
	scriptSecret       = "whsec_scriptsecret_0123456789abcdef"
	scriptSecretMiddle = "scriptsecret"
)

// leakVariable names the file in which a command of a script notes that it printed the secret; the script fails of it.
const leakVariable = "PBHOOK_SCRIPT_LEAK"

// watched looks for the secret in all that is written, unless to a terminal, which a wrapper would no longer be.
func watched(file *os.File) io.Writer {
	if note := os.Getenv(leakVariable); note != "" && !term.IsTerminal(int(file.Fd())) {
		return &leakWatch{to: file, note: note}
	}
	return file
}

type leakWatch struct {
	to   io.Writer
	note string

	mu   sync.Mutex
	last []byte // of what was written before, where the secret may have begun
}

func (w *leakWatch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := slices.Concat(w.last, p)
	if bytes.Contains(text, []byte(scriptSecretMiddle)) {
		if err := os.WriteFile(w.note, []byte(strings.Join(os.Args, " ")), 0o600); err != nil {
			return 0, err
		}
	}
	w.last = text[max(0, len(text)-len(scriptSecretMiddle)):]
	return w.to.Write(p)
}

// scriptSetup gives a script a home of its own and a signing secret, and fails it if a command prints that or has a race.
func scriptSetup(env *testscript.Env) error {
	note := filepath.Join(env.WorkDir, ".leak")
	env.Setenv(leakVariable, note)
	env.Setenv("GORACE", raceOptions(env.WorkDir))
	env.Defer(func() {
		if command, err := os.ReadFile(note); err == nil {
			env.T().Fatal("the secret was printed by: " + string(command))
		}
		if races := raceReports(env.WorkDir); races != "" {
			env.T().Fatal(races)
		}
	})
	env.Setenv("HOME", env.WorkDir+"/home")
	env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/home/.config")
	env.Setenv("POCKETBOOK_WEBHOOK_SECRET", scriptSecret)
	env.Setenv("NO_PROXY", "*")
	return nil
}

// raceOptions have a command that was built with -race report into a folder: a script that expects it to fail, or a test that
// kills it, would not notice. It ends without the second that the detector would wait for more.
func raceOptions(dir string) string {
	return "atexit_sleep_ms=0 log_path=" + filepath.Join(dir, ".race")
}

func raceReports(dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, ".race.*"))
	var all strings.Builder
	for _, file := range files {
		report, err := os.ReadFile(file)
		fmt.Fprintf(&all, "%s, %v:\n%s\n", file, err, report)
	}
	return all.String()
}
