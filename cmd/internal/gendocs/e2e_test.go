//go:build e2e

package main

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// What mandoc finds nothing wrong with, groff sets too.
func TestManPagesPassMandoc(t *testing.T) {
	dir := t.TempDir()
	if err := writeFiles(dir, manPages(cmd.NewManual(), "2025-01-15")); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	command := exec.CommandContext(t.Context(), "mandoc", append([]string{"-T", "lint", "-W", "warning"}, pages...)...)
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("mandoc: %v\n%s", err, out)
	}
}
