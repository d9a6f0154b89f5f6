package cmd

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// byForce is what the exit codes of processes that a signal ended at once begin at, as shells count them.
const byForce = 128

// Signals gives a context that ends when the process is asked to end: by Ctrl-C, by SIGTERM, or by SIGHUP, which comes when a
// terminal is closed. At a second Ctrl-C or SIGTERM it calls exit with 128 and the signal's number, also where a shell that
// started the process in the background had Ctrl-C ignored. A second SIGHUP changes nothing: a shell that ends with its terminal
// passes on the one that the terminal has sent already.
//
// A SIGHUP that was ignored when the process began, as under nohup, stays ignored.
func Signals(parent context.Context, exit func(code int)) context.Context {
	ctx, cancel := context.WithCancel(parent)
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(asked, syscall.SIGHUP)
	}
	go obey(asked, cancel, exit)
	return ctx
}

// echo is how soon after the first a signal is taken for the same one: timeout(1) and npm send theirs to a process and to its
// group, so that it comes twice.
const echo = 500 * time.Millisecond

// obey calls cancel at the first signal, and exit at one that insists. It returns when the channel is closed.
func obey(asked <-chan os.Signal, cancel func(), exit func(code int)) {
	<-asked
	cancel()
	first := time.Now()
	for again := range asked {
		number, ok := again.(syscall.Signal)
		if ok && number != syscall.SIGHUP && time.Since(first) > echo {
			exit(byForce + int(number))
		}
	}
}

// outlivePipes keeps a broken pipe from ending the process, which the default action does where stdout or stderr is written to
// and nobody reads it any more. The writes fail then; see [isUnread]. It is not by ignoring the signal, for the processes that
// are started meanwhile would inherit that.
func outlivePipes() (stop func()) {
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	return func() { signal.Stop(broken) }
}

// isUnread tells whether a write failed because the reader of the pipe has gone.
func isUnread(err error) bool { return errors.Is(err, syscall.EPIPE) }

// unlessUnread lets go of what nobody reads any more.
func unlessUnread(err error) error {
	if isUnread(err) {
		return nil
	}
	return err
}
