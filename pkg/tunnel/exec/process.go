package exec

import (
	"context"
	"errors"
	"io/fs"
	"os"
	osexec "os/exec"
	"runtime"
	"strings"
	"time"
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

// ExitError says that a program has ended by itself.
type ExitError struct {
	Program string
	Status  string   // "exit status 1", "signal: killed"
	Said    []string // the last lines that it wrote
}

func (e *ExitError) Error() string {
	text := e.Program + " ended: " + e.Status
	if len(e.Said) > 0 {
		text += "; it said: " + strings.Join(e.Said, " / ")
	}
	return text
}

// Process is a program that runs until it is closed. Its methods are safe for concurrent use.
type Process struct {
	program string
	output  *output
	ended   chan struct{}
	state   *os.ProcessState // once ended
	ask     chan struct{}    // has an element when the program is to end
}

// Start runs a program, found on PATH unless its name holds a slash, with the environment of this process and nothing to
// read. Each line that it writes is given to heard, which may be nil, from one goroutine at a time. It returns a
// [*NotFoundError] for a program that is not there.
func Start(command []string, heard func(line string)) (*Process, error) {
	p := &Process{program: command[0], output: newOutput(heard), ended: make(chan struct{}), ask: make(chan struct{}, 1)}
	cmd := osexec.Command(command[0], command[1:]...) //nolint:noctx // Close ends it: asked first, with its whole group
	cmd.Stdout, cmd.Stderr = p.output, p.output
	cmd.WaitDelay = grace // for what it leaves behind with its output open
	isolate(cmd)
	started := make(chan error)
	go p.run(cmd, started)
	if err := <-started; err != nil {
		if errors.Is(err, osexec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
			return nil, &NotFoundError{Program: p.program, Err: err}
		}
		return nil, err
	}
	return p, nil
}

// run keeps its thread as long as the program runs: Linux kills a child with the thread that started it.
func (p *Process) run(cmd *osexec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	started <- err
	if err != nil {
		return
	}
	go p.stop(cmd)
	_ = cmd.Wait() // its state says more
	p.output.end()
	p.state = cmd.ProcessState
	close(p.ended)
}

// stop ends the program when asked to, and what is left of its group when it has ended by itself.
func (p *Process) stop(cmd *osexec.Cmd) {
	select {
	case <-p.ask:
		terminate(cmd)
	case <-p.ended:
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.ended:
	case <-timer.C:
	}
	kill(cmd)
}

// Wait returns once the program has ended, with an [*ExitError].
func (p *Process) Wait() error {
	<-p.ended
	return &ExitError{Program: p.program, Status: p.state.String(), Said: p.output.last()}
}

// Said returns the last lines that the program wrote.
func (p *Process) Said() []string { return p.output.last() }

// Close asks the program to end and kills it if it has not done so after five seconds. It does not wait for that.
func (p *Process) Close() error {
	select {
	case p.ask <- struct{}{}:
	default:
	}
	return nil
}

// Ended is closed when the program has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

var _ interface {
	Wait() error
	Close() error
} = (*Process)(nil)

// await returns when the program has ended, or ctx has.
func (p *Process) await(ctx context.Context) error {
	select {
	case <-p.ended:
		return p.Wait()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
