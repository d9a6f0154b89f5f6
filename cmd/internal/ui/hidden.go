package ui

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/term"
)

// ErrNotTTY says that nobody can be asked, because input is not a terminal.
var ErrNotTTY = errors.New("input is not a terminal")

// IsInputTTY tells whether somebody sits at in.
func IsInputTTY(in io.Reader) bool { return isTTY(in) }

// ReadHidden asks on out and reads one line from the terminal in without showing it. Without a terminal it is
// [ErrNotTTY]; a line that ends before anything was typed is [io.EOF]. When ctx ends first, the terminal shows typing
// again and the cause of ctx is returned, while one read stays pending on in until the next line or the end of the process.
func ReadHidden(ctx context.Context, in io.Reader, out io.Writer, label string) (string, error) {
	file, ok := in.(descriptor)
	if !ok || !isTTY(in) {
		return "", ErrNotTTY
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	fd := int(file.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("read the terminal's state: %w", err)
	}
	fmt.Fprintf(out, "%s: ", label)
	type answer struct {
		line []byte
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		answered <- answer{line, err}
	}()
	defer fmt.Fprintln(out) // the newline that was typed was not shown either
	select {
	case a := <-answered:
		return string(a.line), a.err
	case <-ctx.Done():
		return "", errors.Join(context.Cause(ctx), term.Restore(fd, before))
	}
}
