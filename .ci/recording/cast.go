package main

import (
	"bufio"
	"encoding/json"
	"io"
	"time"
)

// cast writes an asciicast, version 2: a header, then a line for each piece of output with the second at which it comes.
type cast struct {
	to  *bufio.Writer
	at  time.Duration
	err error
}

func newCast(to io.Writer, columns, rows int) *cast {
	c := &cast{to: bufio.NewWriter(to)}
	c.line(map[string]any{"version": 2, "width": columns, "height": rows})
	return c
}

func (c *cast) wait(d time.Duration) { c.at += d }

func (c *cast) print(text string) {
	if text != "" {
		c.line([]any{c.at.Seconds(), "o", text})
	}
}

// typed prints a command a few letters at a time, as somebody types it; each step is a frame of the picture.
func (c *cast) typed(command string) {
	const letters = 4
	for len(command) > 0 {
		n := min(letters, len(command))
		c.wait(letters * 45 * time.Millisecond)
		c.print(command[:n])
		command = command[n:]
	}
	c.wait(400 * time.Millisecond)
}

func (c *cast) line(value any) {
	encoded, err := json.Marshal(value)
	if c.err == nil {
		c.err = err
	}
	_, _ = c.to.Write(append(encoded, '\n'))
}

// flush ends the cast with a frame that holds the last picture, and reports the first error of all.
func (c *cast) flush() error {
	c.print(" ")
	if err := c.to.Flush(); c.err == nil {
		c.err = err
	}
	return c.err
}
