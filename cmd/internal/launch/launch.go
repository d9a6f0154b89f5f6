// Package launch runs an app of the user's for as long as it is needed: it starts a command line of the shell in a process
// group of its own, waits until the app takes connections, and ends the group with everything that was started in it.
package launch

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Defaults of [Options].
const (
	DefaultWait  = 30 * time.Second
	DefaultGrace = 10 * time.Second
)

// Options say what is run and when it counts as running.
type Options struct {
	Command string        // a line for the shell: sh -c, or cmd /C on Windows
	Dir     string        // where it runs; empty for the working directory
	Env     []string      // NAME=VALUE, all of its environment; nil for that of this process
	Output  io.Writer     // gets both of its streams, one write at a time; nil discards them
	Target  Target        // what it has to take connections at
	Wait    time.Duration // how long that may take; 0 means DefaultWait
	Grace   time.Duration // between being asked to end and being killed; 0 means DefaultGrace
}

// App is an app that was started. Its methods are safe for concurrent use.
type App struct {
	command *exec.Cmd
	group   group
	output  *os.File // the reading end of what the app prints to
	grace   time.Duration

	ended chan struct{} // closed once the shell has ended and nobody holds the output any more
	stop  func() error
}

// Start runs the command and returns once the target answers. Whatever it returns with an error has been ended again.
//
// Errors are a [*TakenError] if something answers at the target before the app could, an [*ExitedError] if the app ended
// early, a [*NotReadyError] if the wait was in vain, the context's, or the system's about a command that cannot be run.
func Start(ctx context.Context, o Options) (*App, error) {
	if o.Wait <= 0 {
		o.Wait = DefaultWait
	}
	if o.Grace <= 0 {
		o.Grace = DefaultGrace
	}
	if o.Output == nil {
		o.Output = io.Discard
	}
	if o.Target.taken(ctx) {
		return nil, &TakenError{Target: o.Target}
	}
	app, err := spawn(o)
	if err != nil {
		return nil, fmt.Errorf("cannot start %q: %w", o.Command, err)
	}
	if err := app.await(ctx, o.Target, o.Wait); err != nil {
		_ = app.Stop()
		return nil, err
	}
	return app, nil
}

// spawn leaves the copying of the output to a goroutine of its own: that of exec.Cmd would end with the shell, while what
// the shell left running in the background may print on.
func spawn(o Options) (*App, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	command := shell(o.Command)
	command.Dir, command.Env = o.Dir, o.Env
	command.Stdout, command.Stderr = in, in
	group, err := startGroup(command)
	if err != nil {
		out.Close()
		return nil, err
	}
	app := &App{command: command, group: group, output: out, grace: o.Grace, ended: make(chan struct{})}
	app.stop = sync.OnceValue(app.end)
	go app.watch(o.Output)
	return app, nil
}

// watch waits for the end of the shell and of all that print to its output, then kills what is left of the group at once:
// from here on its number may be given to others.
func (a *App) watch(to io.Writer) {
	_, _ = io.Copy(to, a.output)
	_, _ = io.Copy(io.Discard, a.output) // a writer that failed must not block the app
	_ = a.command.Wait()
	a.group.kill()
	a.group.release()
	a.output.Close()
	close(a.ended)
}

// Stop asks the whole group to end, kills it after the grace period, and returns once it is gone. Further calls return
// what the first did: [ErrKilled], or nil.
func (a *App) Stop() error { return a.stop() }

func (a *App) end() error {
	select {
	case <-a.ended:
		return nil
	default:
	}
	a.group.terminate()
	if a.endedWithin(a.grace) {
		return nil
	}
	a.group.kill()
	if !a.endedWithin(a.grace) {
		a.output.Close() // held by a process that left the group, which is its own master
		<-a.ended
	}
	return ErrKilled
}

func (a *App) endedWithin(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-a.ended:
		return true
	case <-timer.C:
		return false
	}
}

// Err is nil while the app runs, and an [*ExitedError] once it has ended.
func (a *App) Err() error {
	select {
	case <-a.ended:
		return &ExitedError{State: a.command.ProcessState.String()}
	default:
		return nil
	}
}
