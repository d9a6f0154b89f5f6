//go:build unix

package launch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/cmd/internal/launch"
)

// The test binary is the app as well: with appAddress in its environment it serves there until it is asked to end.
const (
	appAddress = "LAUNCH_TEST_ADDRESS"
	appAnswers = "LAUNCH_TEST_ANSWERS" // statuses for the first requests; 200 from then on
)

func TestMain(m *testing.M) {
	if address := os.Getenv(appAddress); address != "" {
		serve(address, strings.Fields(os.Getenv(appAnswers)))
		return
	}
	goleak.VerifyTestMain(m)
}

func serve(address string, answers []string) {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	var turn atomic.Int32
	server := &http.Server{Addr: address, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n := int(turn.Add(1)); n <= len(answers) {
			status, _ := strconv.Atoi(answers[n-1])
			w.WriteHeader(status)
		}
	})}
	go server.ListenAndServe()
	<-ended
	server.Close()
	fmt.Println("ended well")
}

// output is what an app printed.
type output struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.String()
}

// setUp gives options to which a test adds its command; APP in it is the app of this binary.
func setUp(t *testing.T, command string, environment ...string) (launch.Options, *output) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	target, err := launch.ParseTarget(address)
	if err != nil {
		t.Fatal(err)
	}
	var out output
	return launch.Options{
		Command: command,
		// The race detector would have the app sleep for a second at its end.
		Env:    append(append(os.Environ(), "GORACE=atexit_sleep_ms=0", "APP="+self, appAddress+"="+address), environment...),
		Output: &out,
		Target: target,
	}, &out
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestAnAppIsReadyWhenItListensAndEndsWhenItIsStopped(t *testing.T) {
	o, out := setUp(t, `"$APP"`)
	app, err := launch.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := get(o.Target.String()); err != nil {
		t.Errorf("a ready app does not answer: %v", err)
	}
	if err := app.Err(); err != nil {
		t.Errorf("a running app has the error %v", err)
	}
	if err := app.Stop(); err != nil {
		t.Error(err)
	}
	if err := get(o.Target.String()); err == nil {
		t.Error("a stopped app answers")
	}
	if got := out.String(); got != "ended well\n" {
		t.Errorf("it printed %q", got)
	}
	if _, ended := errors.AsType[*launch.ExitedError](app.Err()); !ended {
		t.Errorf("a stopped app has the error %v", app.Err())
	}
	if err := app.Stop(); err != nil {
		t.Errorf("the second stop: %v", err)
	}
}

func get(address string) error {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + address)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func TestStopLeavesNoneOfTheGrandchildren(t *testing.T) {
	for name, command := range map[string]string{
		"in the foreground":         `sleep 1000 & echo $!; (sleep 1000 & echo $!; wait) & echo $!; "$APP"`,
		"in the background":         `sleep 1000 & echo $!; "$APP" & echo $!`,
		"deaf to a request":         `(trap "" TERM; sleep 1000 & echo $!; wait; wait; wait) & echo $!; "$APP"`,
		"cut off from the output":   `sleep 1000 >/dev/null 2>&1 & echo $!; "$APP"`,
		"with the app as the shell": `sleep 1000 & echo $!; exec "$APP"`,
	} {
		t.Run(name, func(t *testing.T) {
			o, out := setUp(t, command)
			o.Grace = 500 * time.Millisecond
			app, err := launch.Start(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			err = app.Stop()
			if deaf := name == "deaf to a request"; deaf != errors.Is(err, launch.ErrKilled) {
				t.Errorf("Stop gave %v", err)
			}
			checkGone(t, out.String())
		})
	}
}

// checkGone fails if a process of which the app printed the number still runs.
func checkGone(t *testing.T, printed string) {
	t.Helper()
	seen := 0
	for word := range strings.FieldsSeq(printed) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			continue
		}
		seen++
		until(t, func() bool { return !runs(pid) })
	}
	if seen == 0 {
		t.Fatalf("no process to look for in %q", printed)
	}
}

// runs tells whether a process is more than a zombie that nobody has asked about.
func runs(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !bytes.Contains(stat, []byte(") Z "))
}

func until(t *testing.T, holds func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	deadline := time.After(10 * time.Second)
	for !holds() {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatal("waited in vain")
		}
	}
}

func TestAProcessThatLeftTheGroupDoesNotHoldUpTheEnd(t *testing.T) {
	o, out := setUp(t, `setsid sh -c 'echo $$; exec sleep 1000' & "$APP"`)
	o.Grace = 200 * time.Millisecond
	app, err := launch.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { return strings.Contains(out.String(), "\n") })
	if err := app.Stop(); !errors.Is(err, launch.ErrKilled) {
		t.Errorf("Stop gave %v", err)
	}
	pid, _, _ := strings.Cut(out.String(), "\n")
	if number, err := strconv.Atoi(pid); err != nil || syscall.Kill(number, syscall.SIGKILL) != nil {
		t.Errorf("the process that left is %q", pid)
	}
}

func TestAnAppThatEndsEarlyIsNotWaitedFor(t *testing.T) {
	for command, state := range map[string]string{
		"echo no database >&2; exit 3": "exit status 3",
		"no-such-command-anywhere":     "exit status 127",
		"true":                         "exit status 0",
		"kill -9 $$":                   "signal: killed",
	} {
		o, out := setUp(t, command)
		o.Wait = time.Hour
		_, err := launch.Start(t.Context(), o)
		exited, ok := errors.AsType[*launch.ExitedError](err)
		if !ok || exited.State != state || exited.Target != o.Target {
			t.Errorf("%s: %v, want %s", command, err, state)
		}
		if strings.Contains(command, "database") && out.String() != "no database\n" {
			t.Errorf("it printed %q", out)
		}
	}
}

func TestAStrangerAtTheTargetIsNotTakenForTheApp(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "started")
	o, _ := setUp(t, "touch "+mark)
	listener, err := net.Listen("tcp", o.Target.String())
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, err = launch.Start(t.Context(), o)
	if taken, ok := errors.AsType[*launch.TakenError](err); !ok || taken.Target != o.Target {
		t.Errorf("Start gave %v", err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("the app was started")
	}
}

func TestAnAppThatNeverListensIsEndedAfterTheWait(t *testing.T) {
	o, out := setUp(t, "echo $$; sleep 1000")
	o.Wait = 300 * time.Millisecond
	_, err := launch.Start(t.Context(), o)
	if late, ok := errors.AsType[*launch.NotReadyError](err); !ok || late.Wait != o.Wait || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("Start gave %v", err)
	}
	checkGone(t, out.String())
}

func TestACancelledStartEndsTheApp(t *testing.T) {
	o, out := setUp(t, "echo $$; sleep 1000")
	ctx, cancel := context.WithCancel(t.Context())
	o.Output = io.MultiWriter(out, onWrite(cancel))
	o.Wait = time.Hour
	if _, err := launch.Start(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("Start gave %v", err)
	}
	checkGone(t, out.String())
}

type onWrite func()

func (f onWrite) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}

func TestAURLHasToAnswerBelow500(t *testing.T) {
	o, _ := setUp(t, `exec "$APP"`, appAnswers+"=503 500")
	target, err := launch.ParseTarget("http://" + o.Target.String() + "/health")
	if err != nil {
		t.Fatal(err)
	}
	o.Target = target
	app, err := launch.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer app.Stop()

	o, _ = setUp(t, `exec "$APP"`, appAnswers+"="+strings.Repeat("503 ", 1000))
	if o.Target, err = launch.ParseTarget("http://" + o.Target.String()); err != nil {
		t.Fatal(err)
	}
	o.Wait = 500 * time.Millisecond
	if _, err := launch.Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "it answered 503") {
		t.Errorf("Start gave %v", err)
	}
}

func TestAFailingWriterDoesNotBlockTheApp(t *testing.T) {
	o, _ := setUp(t, `head -c 1000000 /dev/zero; exec "$APP"`)
	o.Output = broken{}
	app, err := launch.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Stop(); err != nil {
		t.Error(err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("full") }
