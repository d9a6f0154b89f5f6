package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// command is one to run in a folder of the repository, with more in its environment than this process has.
type command struct {
	dir  string
	env  []string
	args []string
}

func (w *workshop) start(ctx context.Context, c command) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	cmd.Dir = filepath.Join(w.root, c.dir)
	cmd.Env = append(os.Environ(), c.env...)
	// What a command starts ends with it: go test leaves the test that it runs behind.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// output runs a command and returns what it wrote to stdout, also when it fails. What it said is shown only then.
func (w *workshop) output(ctx context.Context, c command) (string, error) {
	cmd := w.start(ctx, c)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if err == nil {
		return out.String(), nil
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		_, _ = io.WriteString(w.log, out.String()+said.String())
	}
	// Where a program is on this machine does not belong into a table.
	var missing *os.PathError
	if errors.As(err, &missing) {
		err = missing.Err
	}
	name := filepath.Base(c.args[0])
	if len(c.args) > 1 && !strings.HasPrefix(c.args[1], "-") && !strings.Contains(c.args[1], "/") {
		name += " " + c.args[1]
	}
	return out.String(), fmt.Errorf("%s: %w", name, err)
}
