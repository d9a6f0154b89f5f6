package exec_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/exec"
)

func TestAProgramThatEndsIsStartedAnew(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	session := serve(t, exec.Provider{Command: fake("fake-parent", file, "{port}")})
	if session.URL() != "https://one.example" {
		t.Errorf("URL() = %q, want https://one.example", session.URL())
	}
	first := pidIn(t, file)
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var states []tunnel.State
	for status := range session.Status() {
		if states = append(states, status.State); len(states) == 4 {
			break
		}
	}
	want := []tunnel.State{tunnel.StateConnecting, tunnel.StateReady, tunnel.StateReconnecting, tunnel.StateReady}
	if fmt.Sprint(states) != fmt.Sprint(want) || pidIn(t, file) == first {
		t.Errorf("states = %v, want %v with another process", states, want)
	}
}

func TestTheWholeGroupEndsWithTheSession(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	session, err := exec.Provider{Command: fake("fake-parent", file, "{port}")}.Open(t.Context(), tunnel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	child := pidIn(t, file)
	if !runs(child) {
		t.Fatalf("the child %d does not run", child)
	}
	session.Close()
	awaitEnd(t, child)
}

func TestAProgramThatDoesNotWantToEndIsKilled(t *testing.T) {
	process, err := exec.Start(fake("fake-stubborn"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for len(process.Said()) == 0 {
		time.Sleep(time.Millisecond)
	}
	began := time.Now()
	process.Close()
	var exit *exec.ExitError
	if err := process.Wait(); !errors.As(err, &exit) || exit.Status != "signal: killed" || time.Since(began) < 5*time.Second {
		t.Errorf("ended with %v after %v, want a kill after 5s", err, time.Since(began))
	}
}

func TestWhatAProgramLeavesBehindEndsWithIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	process, err := exec.Start(fake("fake-leaver", file), nil)
	if err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := process.Wait(); !errors.As(err, &exit) || exit.Status != "exit status 0" {
		t.Errorf("Wait() = %v, want an *ExitError with status 0", err)
	}
	awaitEnd(t, pidIn(t, file))
	process.Close()
}

func TestTheProgramIsKilledWithThisProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	parent := osexec.Command(os.Args[0], "fake-pbhook", file)
	said, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); line != "opened <nil>\n" {
		t.Fatalf("the parent said %q, %v", line, err)
	}
	program := childOf(t, parent.Process.Pid)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	awaitEnd(t, program)
	_ = syscall.Kill(pidIn(t, file), syscall.SIGKILL) // the child of the child, which the kernel leaves alone
}

func childOf(t *testing.T, pid int) int {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		if fields := strings.Fields(string(text)); len(fields) > 0 {
			child, _ := strconv.Atoi(fields[0])
			return child
		}
	}
	t.Fatalf("process %d has no child", pid)
	return 0
}

func pidIn(t *testing.T, file string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// runs is false for a process that has ended, although nobody has asked for its status yet.
func runs(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(text), ") ")
	return err == nil && !strings.HasPrefix(state, "Z")
}

func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); runs(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			t.Fatalf("process %d still runs", pid)
		}
	}
}
