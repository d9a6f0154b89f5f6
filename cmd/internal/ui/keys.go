package ui

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Keys are the key presses of somebody at a terminal, one at a time and unseen. Ctrl-C and Ctrl-Z stay what they are. Make
// it with [ReadKeys]; it is for one goroutine.
type Keys struct {
	pressed chan string // what one read brought: mostly one key
	rest    string      // of a read that brought several
	restore func() error
	ctx     context.Context
}

// ReadKeys takes the terminal in out of its line mode. Without a terminal in the foreground it is [ErrNotTTY]. Close gives
// the terminal back; one read stays pending on in until the next key or the end of the process.
func ReadKeys(ctx context.Context, in io.Reader) (*Keys, error) {
	file, ok := in.(descriptor)
	if !ok || !isTTY(in) {
		return nil, ErrNotTTY
	}
	restore, err := unbuffer(int(file.Fd()))
	if err != nil {
		return nil, err
	}
	k := &Keys{pressed: make(chan string), restore: restore, ctx: ctx}
	go k.read(in)
	return k, nil
}

// Close gives the terminal back as it was.
func (k *Keys) Close() error { return k.restore() }

func (k *Keys) read(in io.Reader) {
	defer close(k.pressed)
	buffer := make([]byte, 256)
	for {
		n, err := in.Read(buffer)
		if n > 0 {
			select {
			case k.pressed <- string(buffer[:n]):
			case <-k.ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

const (
	keyEscape    = '\x1b'
	keyBackspace = '\x7f'
	keyErase     = '\b'
	keyEnd       = '\x04' // Ctrl-D
)

// Next waits for the next key. What begins with an escape character, such as an arrow key, is one key: the escape alone. It
// ends with [io.EOF] or the cause of the context.
func (k *Keys) Next() (rune, error) {
	if k.rest == "" {
		select {
		case pressed, open := <-k.pressed:
			if !open {
				return 0, io.EOF
			}
			k.rest = pressed
		case <-k.ctx.Done():
			return 0, context.Cause(k.ctx)
		}
	}
	key, size := utf8.DecodeRuneInString(k.rest)
	if k.rest = k.rest[size:]; key == keyEscape {
		k.rest = ""
	}
	return key, nil
}

// longestLine bounds what is typed at a question.
const longestLine = 256

// Ask reads a line that is shown on out while it is typed. Escape gives it up: ok is false. The label is trusted text.
func (k *Keys) Ask(out io.Writer, label string) (line string, ok bool, err error) {
	var typed []rune
	fmt.Fprintf(out, "%s: ", label)
	defer fmt.Fprintln(out)
	for {
		key, err := k.Next()
		if err != nil {
			return "", false, err
		}
		switch {
		case key == keyEscape, key == keyEnd:
			return "", false, nil
		case key == '\r', key == '\n':
			return strings.TrimSpace(string(typed)), true, nil
		case key == keyBackspace, key == keyErase:
			if len(typed) > 0 {
				typed = typed[:len(typed)-1]
				fmt.Fprint(out, "\b \b")
			}
		case !hidden(key) && len(typed) < longestLine:
			typed = append(typed, key)
			fmt.Fprint(out, string(key))
		}
	}
}
