package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// workshop is where comparisons are run: the repository, the peers, and a scratch folder.
type workshop struct {
	root      string // of the repository
	bin       string // peers, kept from run to run
	temp      string
	quick     bool
	log       io.Writer
	goVersion string
}

func newWorkshop(ctx context.Context, log io.Writer, quick bool) (*workshop, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	w := &workshop{root: filepath.Join(here, "..", ".."), quick: quick, log: log}
	if _, err := os.Stat(w.page()); err != nil {
		return nil, fmt.Errorf("run me by .ci/bench/run: %w", err)
	}
	w.bin = os.Getenv("PBHOOK_CI_BIN")
	if w.bin == "" {
		w.bin = filepath.Join(w.root, ".ci", "bin")
	}
	if err := os.MkdirAll(w.bin, 0o755); err != nil {
		return nil, err
	}
	version, err := w.output(ctx, command{args: []string{"go", "env", "GOVERSION"}})
	if err != nil {
		return nil, err
	}
	w.goVersion = strings.TrimSpace(version)
	w.temp, err = os.MkdirTemp("", "pbhook-bench-")
	return w, err
}

func (w *workshop) close() { _ = os.RemoveAll(w.temp) }

func (w *workshop) page() string { return filepath.Join(w.root, "docs", "benchmarks.md") }

// rounds is how often each comparison is made.
func (w *workshop) rounds() int {
	if w.quick {
		return 2
	}
	return 5
}

// release builds pbhook as it is released and returns its path; a second call finds it built.
func (w *workshop) release(ctx context.Context) (string, error) {
	path := filepath.Join(w.temp, "pbhook")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	_, err := w.output(ctx, command{
		args: []string{"go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "."},
		env:  []string{"CGO_ENABLED=0"},
	})
	return path, err
}
