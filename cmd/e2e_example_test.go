//go:build e2e

package cmd_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pocketbook-studio/pbhook/cmd/internal/launch"
	"github.com/pocketbook-studio/pbhook/docs/examples"
)

// preparedExample is an example of docs/examples with what it needs installed, as its reader would have it.
type preparedExample struct {
	examples.Example
	dir  string
	path string // PATH to run it with
}

// prepareExample writes the files that pbhook embeds and runs the example's own setup line, for npm once for each state of
// the files. Python's packages are the system's, so its interpreter has to be the system's too.
func prepareExample(t *testing.T, name string) *preparedExample {
	t.Helper()
	for _, example := range examples.All() {
		if example.Name != name {
			continue
		}
		prepared := &preparedExample{Example: example, dir: t.TempDir(), path: os.Getenv("PATH")}
		files, err := example.Files()
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasPrefix(example.Setup, "npm "):
			prepared.dir = installedExample(t, example, files)
			return prepared
		case strings.HasPrefix(example.Setup, "python3 "):
			prepared.path = "/usr/bin" + string(os.PathListSeparator) + prepared.path
		}
		if err := os.CopyFS(prepared.dir, files); err != nil {
			t.Fatal(err)
		}
		if name == "go" {
			prepareModule(t, prepared.dir)
		}
		return prepared
	}
	t.Fatalf("there is no example %s", name)
	return nil
}

// installedExample is a folder of the cache. It is made by renaming a finished one, so that an installation cut short
// leaves nothing behind.
func installedExample(t *testing.T, example examples.Example, files fs.FS) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	cache = filepath.Join(cache, "pbhook-e2e")
	dir := filepath.Join(cache, fmt.Sprintf("%s-%x", example.Name, digest(t, files)))
	if err := os.Chtimes(dir, time.Time{}, time.Now()); err == nil {
		return dir
	}
	removeUnused(t, cache, example.Name)
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.MkdirTemp(cache, "installing-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	if err := os.CopyFS(fresh, files); err != nil {
		t.Fatal(err)
	}
	run(t, fresh, example.Setup)
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
	return dir
}

// removeUnused takes away what earlier states of an example left, once no test has run it for a week.
func removeUnused(t *testing.T, cache, name string) {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(cache, name+"-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < 7*24*time.Hour {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	}
}

func digest(t *testing.T, files fs.FS) []byte {
	t.Helper()
	hash := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		fmt.Fprintf(hash, "%s %d\n%s", path, len(content), content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hash.Sum(nil)
}

// prepareModule is the Go example's setup, with pbhook's module taken from here.
func prepareModule(t *testing.T, dir string) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	run(t, dir, "go mod init example.com/webhooks && go mod edit -replace "+module+"='"+root+"' && go mod tidy")
}

func run(t *testing.T, dir, line string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", "-c", line)
	command.Dir = dir
	command.Env = append(os.Environ(), "NEXT_TELEMETRY_DISABLED=1")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
}

// exampleServer is an example that runs.
type exampleServer struct {
	url string
	app *launch.App
	log string // the file with all that it prints
}

// start runs the example by its own start line until stop is called; log is where its output goes.
func (e *preparedExample) start(log string, environment ...string) (*exampleServer, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	output, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	target, err := launch.ParseTarget(":" + port)
	if err != nil {
		return nil, err
	}
	app, err := launch.Start(context.Background(), launch.Options{
		Command: e.Start,
		Dir:     e.dir,
		Env: append(append(os.Environ(), "GOFLAGS="+goFlags(), "PATH="+e.path, "PORT="+port, "DATABASE="+log+".sqlite3", "NEXT_TELEMETRY_DISABLED=1",
			"POCKETBOOK_WEBHOOK_SECRET="+scriptSecret, "POCKETBOOK_WEBHOOK_SECRET_OLD="), environment...),
		Output: output,
		Target: target,
		Wait:   time.Minute,
	})
	if err != nil {
		printed, _ := os.ReadFile(log)
		return nil, fmt.Errorf("%s: %w\n%s", e.Name, err, printed)
	}
	return &exampleServer{url: "http://localhost:" + port + "/webhooks/pocketbook", app: app, log: log}, nil
}

// run is [preparedExample.start] for the time of a test.
func (e *preparedExample) run(t *testing.T, environment ...string) *exampleServer {
	t.Helper()
	server, err := e.start(filepath.Join(t.TempDir(), "log"), environment...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.app.Stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			printed, _ := os.ReadFile(server.log)
			t.Logf("%s printed:\n%s", e.Name, printed)
		}
	})
	return server
}

// handled counts the effects that events with this id had so far.
func (s *exampleServer) handled(t *testing.T, id string) int {
	t.Helper()
	ids, err := s.effects()
	if err != nil {
		t.Fatal(err)
	}
	return len(slices.DeleteFunc(ids, func(other string) bool { return other != id }))
}

// effects are the ids of the events that were handled, as the log has them.
func (s *exampleServer) effects() ([]string, error) {
	printed, err := os.ReadFile(s.log)
	var ids []string
	for line := range bytes.Lines(printed) {
		if fields := bytes.Fields(line); len(fields) > 2 && string(fields[0]) == "handled" {
			ids = append(ids, string(fields[2]))
		}
	}
	return ids, err
}

// serveEffects gives the number of effects at a URL, as --probe-url reads it.
func (s *exampleServer) serveEffects() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		ids, err := s.effects()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, len(ids))
	}))
}

// runningExamples are what the scripts of one example work with: $START is its start line, to be run in $EXAMPLE, and
//
//	app NAME [VAR=VALUE...]   starts the example with the script's secret and the variables; its URL is in $NAME, and that of
//	                          the number of events that it handled in $NAME_HANDLED
//	halt NAME                 ends it and fails unless it ends when it is asked to; what it printed is in NAME.log
type runningExamples struct {
	example *preparedExample

	mu      sync.Mutex
	running map[string]*exampleServer // by the script's folder and the server's name
}

// setup keeps the caches of Go, which would else be those of the script's home and empty.
func (r *runningExamples) setup(env *testscript.Env) error {
	env.Setenv("EXAMPLE", r.example.dir)
	env.Setenv("START", r.example.Start)
	pbhook, _, _ := strings.Cut(env.Getenv("PATH"), string(os.PathListSeparator))
	env.Setenv("PATH", pbhook+string(os.PathListSeparator)+r.example.path)
	caches, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		return err
	}
	build, modules, _ := strings.Cut(strings.TrimSpace(string(caches)), "\n")
	env.Setenv("GOFLAGS", goFlags())
	env.Setenv("GOCACHE", build)
	env.Setenv("GOMODCACHE", modules)
	return scriptSetup(env)
}

func (r *runningExamples) commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"app": r.start, "halt": r.halt}
}

func (r *runningExamples) start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: app NAME [VAR=VALUE...]")
	}
	server, err := r.example.start(ts.MkAbs(args[0]+".log"), args[1:]...)
	ts.Check(err)
	ts.Defer(func() { _ = server.app.Stop() })
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[ts.MkAbs(args[0])] = server
	effects := server.serveEffects()
	ts.Defer(effects.Close)
	ts.Setenv(args[0], server.url)
	ts.Setenv(args[0]+"_HANDLED", effects.URL)
}

func (r *runningExamples) halt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: halt NAME")
	}
	r.mu.Lock()
	server := r.running[ts.MkAbs(args[0])]
	r.mu.Unlock()
	if server == nil {
		ts.Fatalf("%s was not started", args[0])
	}
	ts.Check(server.app.Stop())
}
