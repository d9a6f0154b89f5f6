package cmd_test

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// scriptCommands are what scripts can call beside pbhook:
//
//	receiver NAME [ANSWER...]   a server on loopback whose URL is in $NAME; without answers it verifies as a receiver
//	                            should, else it gives each answer in turn and the last one from then on: a status,
//	                            STATUS;Header=Value, redirect=URL, hang, close, part, flood, or evil
//	api NAME [ANSWER...]        an API of Pocketbook's whose URL is in $NAME; it registers webhooks, or gives each answer in
//	                            turn as a receiver does, and webhook, noid, nosecret, or link=FILE, which registers one
//	                            after a link has taken the place of FILE
//	secure NAME CERT            the same over TLS, verifying; its certificate is written to CERT
//	arrived NAME N              waits until N requests have reached the server
//	ready FILE VAR              waits until a pbhook listen whose stderr goes to FILE is ready; its URL goes to $VAR
//	said FILE REGEXP VAR        puts what the first group of the expression finds in FILE into $VAR
//	get URL PATH                prints the status and the body that the server of URL answers to a GET of PATH
//	received NAME N             fails unless N requests have reached the server
//	bodyis NAME.N FILE          fails unless that body is the file without its last newline
//	port VAR                    puts a free port into $VAR
//	gone FILE                   waits until the process whose number is in FILE has ended
//	exitcode N COMMAND...       fails unless the command ends with that exit code
//
// The n-th request is kept in NAME.n.head and NAME.n.body.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"receiver": startReceiver,
		"api":      startAPI,
		"secure":   startSecure,
		"arrived":  waitForRequests,
		"ready":    waitUntilReady,
		"said":     findSaid,
		"get":      getPage,
		"received": checkReceived,
		"bodyis":   checkBody,
		"port":     findPort,
		"gone":     waitUntilGone,
		"exitcode": checkExitCode,
	}
}

// scriptReceiver keeps what it is sent and answers as told.
type scriptReceiver struct {
	name, dir string
	answers   []string
	verifying http.Handler
	ended     chan struct{}

	mu    sync.Mutex
	count int
}

func startReceiver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: receiver NAME [ANSWER...]")
	}
	newScriptReceiver(ts, args[0], args[1:], httptest.NewServer)
}

func startSecure(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: secure NAME CERT")
	}
	server := newScriptReceiver(ts, args[0], nil, httptest.NewTLSServer)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), certificate, 0o600))
}

func newScriptReceiver(ts *testscript.TestScript, name string, answers []string, serve func(http.Handler) *httptest.Server) *httptest.Server {
	secret, err := signature.NewSecret(scriptSecret)
	ts.Check(err)
	verifier, err := signature.NewVerifier(signature.Options{Secret: secret})
	ts.Check(err)
	r := &scriptReceiver{
		name: name, dir: ts.Getenv("WORK"), answers: answers, ended: make(chan struct{}),
		verifying: receiver.New(receiver.Options{Verifier: verifier, Now: time.Now}),
	}
	server := serve(r)
	ts.Defer(server.Close)
	ts.Defer(func() { close(r.ended) })
	ts.Setenv(name, server.URL+"/webhooks/pocketbook")
	ts.Setenv(name+"_PORT", server.URL[strings.LastIndex(server.URL, ":")+1:])
	return server
}

func (r *scriptReceiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	n := r.keep(request, body)
	if len(r.answers) == 0 {
		request.Body = io.NopCloser(strings.NewReader(string(body)))
		r.verifying.ServeHTTP(w, request)
		return
	}
	r.answer(w, request, r.answers[min(n, len(r.answers))-1])
}

func (r *scriptReceiver) keep(request *http.Request, body []byte) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s\n", request.Method, request.URL.Path)
	_ = request.Header.Write(&head)
	base := filepath.Join(r.dir, r.name+"."+strconv.Itoa(r.count))
	_ = os.WriteFile(base+".head", []byte(strings.ReplaceAll(head.String(), "\r\n", "\n")), 0o600)
	_ = os.WriteFile(base+".body", body, 0o600)
	return r.count
}

func (r *scriptReceiver) answer(w http.ResponseWriter, request *http.Request, answer string) {
	if target, ok := strings.CutPrefix(answer, "redirect="); ok {
		http.Redirect(w, request, target, http.StatusTemporaryRedirect)
		return
	}
	if answerAsAPI(w, answer) {
		return
	}
	switch answer {
	case "hang":
		select {
		case <-r.ended:
		case <-request.Context().Done():
		}
		return
	case "evil":
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "\x1b]0;owned\a\x1b[2J\u202e\r\x9b31m")
		return
	case "close":
		panic(http.ErrAbortHandler)
	case "part":
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "only a part")
		return
	case "flood":
		block := []byte(strings.Repeat("flood ", 10_000))
		for range 20_000 { // 1.2 GB, unless the other side has had enough
			if _, err := w.Write(block); err != nil {
				return
			}
		}
		return
	}
	status, fields, _ := strings.Cut(answer, ";")
	if name, value, ok := strings.Cut(fields, "="); ok {
		w.Header().Set(name, value)
	}
	code, err := strconv.Atoi(status)
	if err != nil {
		code = http.StatusTeapot
	}
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"answer":%d}`, code)
}

func checkReceived(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: received NAME N")
	}
	if got := kept(ts, args[0]); strconv.Itoa(got) != args[1] {
		ts.Fatalf("%s received %d requests, want %s", args[0], got, args[1])
	}
}

func waitForRequests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: arrived NAME N")
	}
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	waitUntil(ts, "requests at "+args[0], func() bool { return kept(ts, args[0]) >= want })
}

func waitUntilReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ready FILE VAR")
	}
	said := regexp.MustCompile(`(?:ready: |"url":"|"public":")(https?://[^"\s]+)`)
	var found [][]byte
	waitUntil(ts, "a line that says ready in "+args[0], func() bool {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		found = said.FindSubmatch(text)
		return err == nil && found != nil && bytes.HasSuffix(text, []byte("\n"))
	})
	ts.Setenv(args[1], string(found[1]))
}

func findSaid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: said FILE REGEXP VAR")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile(args[0]))
	if found == nil {
		ts.Fatalf("%s does not say %s", args[0], args[1])
	}
	ts.Setenv(args[2], found[1])
}

func getPage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: get URL PATH")
	}
	at, err := url.Parse(args[0])
	ts.Check(err)
	at.Path = args[1]
	response, err := http.Get(at.String())
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	_, err = fmt.Fprintf(ts.Stdout(), "%s\n%s", response.Status, body)
	ts.Check(err)
}

func waitUntil(ts *testscript.TestScript, what string, holds func() bool) {
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	deadline := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-look.C:
		case <-deadline:
			ts.Fatalf("waited 20 s for %s", what)
		}
	}
}

func kept(ts *testscript.TestScript, name string) int {
	bodies, err := filepath.Glob(filepath.Join(ts.Getenv("WORK"), name+".*.body"))
	ts.Check(err)
	return len(bodies)
}

func checkBody(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bodyis NAME.N FILE")
	}
	got, want := ts.ReadFile(args[0]+".body"), strings.TrimSuffix(ts.ReadFile(args[1]), "\n")
	if got != want {
		ts.Fatalf("the body is\n%s\nwant\n%s", got, want)
	}
}

func waitUntilGone(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: gone FILE")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(ts.ReadFile(args[0])))
	ts.Check(err)
	waitUntil(ts, "the end of process "+strconv.Itoa(pid), func() bool { return !runs(pid) })
}

// runs tells whether a process is more than a zombie that nobody has asked about.
func runs(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil || process.Signal(syscall.Signal(0)) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !bytes.Contains(stat, []byte(") Z "))
}

func findPort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: port VAR")
	}
	port, err := freePort()
	ts.Check(err)
	ts.Setenv(args[0], port)
}

// freePort is one below those that systems give to clients, so that none of them takes it before the server does.
func freePort() (string, error) {
	for range 100 {
		port := strconv.Itoa(20_000 + int(lastPort.Add(1)%10_000))
		listener, err := net.Listen("tcp", ":"+port)
		if err == nil {
			return port, listener.Close()
		}
	}
	return "", errors.New("there is no free port")
}

// lastPort goes up, so that no test is given a port that another was given and does not listen at yet. It begins anywhere, for
// the tests of other packages run at the same time.
var lastPort = startAt(rand.Uint64N(10_000))

func startAt(n uint64) *atomic.Uint64 {
	counter := new(atomic.Uint64)
	counter.Store(n)
	return counter
}

func checkExitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N COMMAND...")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}
