//go:build unix

package ui

import (
	"fmt"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// unbuffer lets reads of the terminal end with each key, and shows none. Signals and output stay as they are, which x/term's
// raw mode would not leave them. A process in the background would be stopped by either, so it is left alone.
func unbuffer(fd int) (restore func() error, err error) {
	if front, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP); err == nil && front != unix.Getpgrp() {
		return nil, ErrNotTTY
	}
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, fmt.Errorf("read the terminal's state: %w", err)
	}
	keys := *before
	keys.Lflag &^= unix.ICANON | unix.ECHO
	keys.Cc[unix.VMIN], keys.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(fd, setTermios, &keys); err != nil {
		return nil, fmt.Errorf("set the terminal's state: %w", err)
	}
	stop := onContinue(func() { _ = unix.IoctlSetTermios(fd, setTermios, &keys) })
	return func() error {
		stop()
		return unix.IoctlSetTermios(fd, setTermios, before)
	}, nil
}

// onContinue calls do whenever the process goes on after it was stopped: the shell has set the terminal to its liking by then.
func onContinue(do func()) (stop func()) {
	continued, ended := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(continued, unix.SIGCONT)
	go func() {
		for {
			select {
			case <-continued:
				do()
			case <-ended:
				return
			}
		}
	}()
	return func() {
		signal.Stop(continued)
		close(ended)
	}
}
