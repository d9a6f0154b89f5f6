//go:build e2e

package cmd_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

const exampleDir = "../docs/examples/express"

// example is docs/examples/express with its packages installed.
type example struct {
	dir     string
	mu      sync.Mutex
	running map[string]*exampleServer // by the script's folder and the server's name
}

// commands are what scripts can call to work with the example:
//
//	express NAME [VAR=VALUE...]   starts it with $POCKETBOOK_WEBHOOK_SECRET and the variables; its URL is in $NAME
//	halt NAME                     ends it by SIGTERM and fails unless it ends well; what it printed is in NAME.log
func (e *example) commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"express": e.start, "halt": e.halt}
}

func (e *example) start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: express NAME [VAR=VALUE...]")
	}
	log, err := os.Create(ts.MkAbs(args[0] + ".log"))
	ts.Check(err)
	secret := "POCKETBOOK_WEBHOOK_SECRET=" + ts.Getenv("POCKETBOOK_WEBHOOK_SECRET")
	server, err := startExample(e.dir, log, append([]string{secret}, args[1:]...)...)
	ts.Check(err)
	ts.Defer(func() { server.stop() })
	e.mu.Lock()
	defer e.mu.Unlock()
	e.running[ts.MkAbs(args[0])] = server
	ts.Setenv(args[0], server.url)
}

func (e *example) halt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: halt NAME")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	server := e.running[ts.MkAbs(args[0])]
	if server == nil {
		ts.Fatalf("%s was not started", args[0])
	}
	ts.Check(server.stop())
}

// installExample copies the example and installs its packages with npm, once for each package.json.
func installExample(t *testing.T) *example {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join(exampleDir, "package.json"))
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	packages := filepath.Join(cache, "pbhook-e2e", fmt.Sprintf("%x", sha256.Sum256(manifest)))
	if _, err := os.Stat(filepath.Join(packages, "node_modules", "express")); err != nil {
		installPackages(t, packages, manifest)
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "server.js", "verify.js"} {
		content, err := os.ReadFile(filepath.Join(exampleDir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(packages, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return &example{dir: dir, running: map[string]*exampleServer{}}
}

// installPackages fills dir by renaming a finished folder, so that an installation cut short leaves nothing behind.
func installPackages(t *testing.T, dir string, manifest []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "installing-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(fresh)
	if err := os.WriteFile(filepath.Join(fresh, "package.json"), manifest, 0o600); err != nil {
		t.Fatal(err)
	}
	npm := exec.CommandContext(t.Context(), "npm", "install", "--omit=dev", "--no-audit", "--no-fund")
	npm.Dir = fresh
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm install: %v\n%s", err, out)
	}
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
}

// exampleServer is one running server.
type exampleServer struct {
	url  string
	stop func() error // waits for the end; further calls return what the first did
}

func startExample(dir string, log io.WriteCloser, environment ...string) (*exampleServer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	node := exec.CommandContext(ctx, "node", "server.js")
	node.Dir = dir
	node.Env = append(os.Environ(), append([]string{"PORT=0"}, environment...)...)
	node.Stderr = log
	out, err := node.StdoutPipe()
	if err != nil {
		cancel()
		return nil, err
	}
	if err := node.Start(); err != nil {
		cancel()
		return nil, err
	}
	lines := bufio.NewReader(out)
	ready, err := lines.ReadString('\n')
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		io.Copy(log, lines)
	}()
	stop := sync.OnceValue(func() error {
		defer cancel()
		err := node.Process.Signal(syscall.SIGTERM)
		<-copied
		return errors.Join(err, node.Wait(), log.Close())
	})
	url, listening := strings.CutPrefix(strings.TrimSpace(ready), "listening on ")
	if !listening {
		return nil, errors.Join(fmt.Errorf("node printed %q", ready), err, stop())
	}
	return &exampleServer{url: url, stop: stop}, nil
}
