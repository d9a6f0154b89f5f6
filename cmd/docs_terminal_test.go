package cmd_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// docTerminal is the shell of one page, in which its commands run one after the other.
type docTerminal struct {
	t       *testing.T
	root    string // stands for /
	shell   *interp.Runner
	names   *docNames
	servers []*docServer
	changed []docChange

	mu    sync.Mutex
	stubs map[string]*http.Server // of this process, by port
}

// docServer is a command that goes on beside the others.
type docServer struct {
	command docCommand
	out     *docOutput
	stop    context.CancelFunc
	ended   chan error // has the result once it has ended
	ports   []string
}

// docOutput is what a command printed so far.
type docOutput struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *docOutput) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *docOutput) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func newDocTerminal(t *testing.T, names *docNames) *docTerminal {
	root, err := filepath.EvalSymlinks(t.TempDir()) // as programs tell it
	if err != nil {
		t.Fatal(err)
	}
	d := &docTerminal{t: t, root: root, names: names, stubs: map[string]*http.Server{}}
	t.Cleanup(func() { // where a page is given up
		for _, server := range d.servers {
			server.stop()
			<-server.ended
		}
	})
	for _, dir := range []string{"/home/ada/shop", "/tmp"} {
		if err := os.MkdirAll(d.root+dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	clone, err := filepath.Abs(docsRoot)
	if err != nil {
		t.Fatal(err)
	}
	caches, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	build, modules, _ := strings.Cut(strings.TrimSpace(string(caches)), "\n")
	d.shell, err = interp.New(
		interp.Env(expand.ListEnviron("PATH="+os.Getenv("PATH"), "HOME="+d.root+"/home/ada", "XDG_CONFIG_HOME="+d.root+"/home/ada/.config",
			"TMPDIR="+d.root+"/tmp", "NO_PROXY=*", "GORACE=atexit_sleep_ms=0",
			"CLONE="+clone, "GOCACHE="+build, "GOMODCACHE="+modules)),
		interp.Dir(d.root+"/home/ada/shop"),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return d.exec }),
	)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// run gives the result of a command, or the command itself if it goes on.
func (d *docTerminal) run(command docCommand, file *syntax.File) (*docServer, error) {
	called := calls(file)
	running := &docServer{command: command, out: &docOutput{}, ended: make(chan error, 1), ports: taken(called)}
	for _, port := range running.ports {
		d.free(port)
	}
	shell := d.shell
	if command.script || serves(called) {
		shell = d.shell.Subshell() // what a script sets is its own, and what goes on must not hold up the others
	}
	if err := interp.StdIO(nil, running.out, running.out)(shell); err != nil {
		return nil, err
	}
	for _, statement := range file.Stmts {
		statement.Background = statement.Background && command.script
	}
	ctx, stop := context.WithCancel(d.t.Context())
	running.stop = stop
	go func() {
		var err error
		for _, statement := range file.Stmts {
			if err = shell.Run(ctx, statement); shell.Exited() {
				break
			}
		}
		running.ended <- err
	}()
	deadline := time.NewTimer(3 * time.Minute) // of which a first `go run` takes the most
	defer deadline.Stop()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-running.ended:
			stop()
			return running, err
		case <-look.C:
			if serves(called) && saysReady.MatchString(running.out.String()) {
				d.servers = append(d.servers, running)
				return running, errStillRunning
			}
		case <-deadline.C:
			stop()
			<-running.ended
			return running, errors.New("it did not end within three minutes")
		}
	}
}

// free ends what listens at a port.
func (d *docTerminal) free(port string) {
	for _, server := range slices.Clone(d.servers) {
		if slices.Contains(server.ports, port) {
			d.end(server)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if stub := d.stubs[port]; stub != nil {
		_ = stub.Close()
		delete(d.stubs, port)
	}
}

var (
	errStillRunning = errors.New("it goes on")
	saysReady       = regexp.MustCompile(`(?:ready: |"url":"|"public":")https?://[^"\s]+"?.*\n`)
)

// end ends a command that goes on, once it has printed what the page shows. One that has ended by itself by then is judged
// like any other.
func (d *docTerminal) end(server *docServer) {
	d.t.Helper()
	d.servers = slices.DeleteFunc(d.servers, func(other *docServer) bool { return other == server })
	shown := server.command.shown
	before, after, interrupted := shown, []string(nil), false
	if at := slices.Index(shown, "^C"); at >= 0 {
		before, after, interrupted = shown[:at], shown[at+1:], true
	}
	ended := d.wait(server, func() bool {
		return len(before) == 0 || d.names.match(before, d.names.told(d.root, server.out.String())) == nil
	})
	printed := server.out.String()
	server.stop()
	err := <-server.ended
	switch {
	case ended:
		d.check(server.command, server.out.String(), err)
	case interrupted:
		d.compare(server.command, slices.Concat(before, after), d.names.told(d.root, server.out.String()))
	default:
		d.compare(server.command, before, d.names.told(d.root, printed))
	}
}

// wait until a condition holds, or takes too long to, and tell whether the command has ended by itself.
func (d *docTerminal) wait(server *docServer, holds func() bool) (ended bool) {
	deadline := time.After(10 * time.Second)
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-server.ended:
			server.ended <- err
			return true
		default:
		}
		if holds() {
			return false
		}
		select {
		case <-look.C:
		case <-deadline:
			return false
		}
	}
}
