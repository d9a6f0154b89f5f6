package cmd

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Signals gives a context that ends when the process is asked to end: by Ctrl-C, by SIGTERM, or by SIGHUP, which comes when a
// terminal is closed. After that the default action of the first two returns, so a second Ctrl-C ends the process at once. A
// second SIGHUP changes nothing: a shell that ends with its terminal passes on the one that the terminal has sent already.
//
// A SIGHUP that was ignored when the process began, as under nohup, stays ignored.
func Signals(parent context.Context) context.Context {
	ctx, cancel := context.WithCancel(parent)
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(asked, syscall.SIGHUP)
	}
	go func() {
		<-asked
		cancel()
		signal.Reset(os.Interrupt, syscall.SIGTERM)
	}()
	return ctx
}
