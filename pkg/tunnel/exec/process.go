package exec

import (
	"errors"
	"io/fs"
	osexec "os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// grace is how long a program may take to end when it is asked to.
const grace = 5 * time.Second

// NotFoundError says that a program is not installed.
type NotFoundError struct {
	Program string
	Err     error
}

func (e *NotFoundError) Error() string { return "the program " + e.Program + " was not found" }

// Unwrap gives the cause.
func (e *NotFoundError) Unwrap() error { return e.Err }

// Permanent is true.
func (e *NotFoundError) Permanent() bool { return true }

// ExitError says that a program has ended.
type ExitError struct {
	Program string
	Status  string   // "exit status 1", "signal: killed"
	Said    []string // the last lines that it wrote
}

func (e *ExitError) Error() string {
	return e.Program + " ended with " + e.Status + quoted(e.Said)
}

func quoted(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "; it said: " + strings.Join(lines, " / ")
}

// Process is a program that runs until it is closed. Its methods are safe for concurrent use.
type Process struct {
	cmd    *osexec.Cmd
	output *output
	ended  chan struct{}
	status string // once ended
	close  sync.Once
}

// Start runs a program, found on PATH unless its name holds a slash, with the environment of this process and nothing to
// read. Each line that it writes is given to heard, which may be nil, from one goroutine. It returns a [*NotFoundError] for
// a program that is not there.
func Start(command []string, heard func(line string)) (*Process, error) {
	p := &Process{
		cmd:    osexec.Command(command[0], command[1:]...), //nolint:noctx // Close ends it, and its whole group
		output: &output{said: tunnel.NewTranscript(), heard: heard},
		ended:  make(chan struct{}),
	}
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	p.cmd.WaitDelay = grace // for what it leaves behind with its output open
	isolate(p.cmd)
	started := make(chan error)
	go p.run(started)
	err := <-started
	if errors.Is(err, osexec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return nil, &NotFoundError{Program: command[0], Err: err}
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// run keeps its thread as long as the program runs: Linux kills a child with the thread that started it.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	_ = p.cmd.Wait() // its state says more
	kill(p.cmd)      // what is left of its group
	p.output.end()
	p.status = p.cmd.ProcessState.String()
	close(p.ended)
}

// Ended is closed when the program has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// Wait returns once the program has ended, with an [*ExitError].
func (p *Process) Wait() error {
	<-p.ended
	return &ExitError{Program: p.cmd.Args[0], Status: p.status, Said: p.Said()}
}

// Said returns the last lines that the program wrote.
func (p *Process) Said() []string { return p.output.said.Last() }

// Close asks the program to end, kills it if it has not done so after five seconds, and returns when it has ended.
func (p *Process) Close() error {
	p.close.Do(func() {
		terminate(p.cmd)
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-p.ended:
		case <-timer.C:
			kill(p.cmd)
		}
	})
	<-p.ended
	return nil
}
