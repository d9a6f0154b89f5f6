package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"github.com/creack/pty"
)

// play runs a line of the shell in a pseudo terminal and returns all that it printed there. That the command fails is part
// of the story; that it cannot be run is not.
func play(ctx context.Context, line, dir string, env []string) (string, error) {
	command := exec.CommandContext(ctx, "sh", "-c", line)
	command.Dir, command.Env = dir, env
	terminal, err := pty.StartWithSize(command, &pty.Winsize{Cols: columns, Rows: rows})
	if err != nil {
		return "", err
	}
	defer terminal.Close()
	// Linux ends a terminal without a writer with EIO in place of EOF, so what was read counts, not how it ended.
	output, _ := io.ReadAll(io.LimitReader(terminal, 1<<20))
	var exit *exec.ExitError
	if err := command.Wait(); err != nil && !errors.As(err, &exit) {
		return "", err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if len(output) == 0 {
		return "", errors.New("it printed nothing")
	}
	return string(output), nil
}

func waitForReady(stderr io.Reader) error {
	lines := bufio.NewScanner(stderr)
	var said []string
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "ready:") {
			go func() { _, _ = io.Copy(io.Discard, stderr) }()
			return nil
		}
		said = append(said, lines.Text())
	}
	return fmt.Errorf("the listener did not get ready: %s", strings.Join(said, "; "))
}
