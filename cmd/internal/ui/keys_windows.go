package ui

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// unbuffer lets reads of the console end with each key, and shows none.
func unbuffer(fd int) (restore func() error, err error) {
	console := windows.Handle(fd)
	var before uint32
	if err := windows.GetConsoleMode(console, &before); err != nil {
		return nil, fmt.Errorf("read the console's mode: %w", err)
	}
	keys := before &^ (windows.ENABLE_LINE_INPUT | windows.ENABLE_ECHO_INPUT)
	if err := windows.SetConsoleMode(console, keys); err != nil {
		return nil, fmt.Errorf("set the console's mode: %w", err)
	}
	return func() error { return windows.SetConsoleMode(console, before) }, nil
}
