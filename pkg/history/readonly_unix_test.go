//go:build unix

package history_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user for whom modes count; for root, which tests may run as, they do not.
const nobody = 65534

func TestAHomeThatCannotBeWritten(t *testing.T) {
	tests := []struct {
		name string
		seal func(folder string) error
	}{
		{"an empty folder", func(folder string) error { return os.Chmod(folder, 0o555) }},
		{"a folder with a history", func(folder string) error {
			made(t, filepath.Join(folder, "history.db"), 3)
			return allow(folder, 0o555, 0o644)
		}},
		{"a history that is another user's", func(folder string) error {
			made(t, filepath.Join(folder, "history.db"), 3)
			return allow(folder, 0o777, 0o644)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			folder := accessible(t)
			if err := tt.seal(folder); err != nil {
				t.Fatal(err)
			}
			out := asNobody(t, filepath.Join(folder, "history.db")+"\n8")
			if !strings.Contains(out, "read-only: true") {
				t.Errorf("got %q, want a *ReadOnlyError", out)
			}
		})
	}
}

func TestAHistoryThatCannotBeWrittenCanBeRead(t *testing.T) {
	folder := accessible(t)
	made(t, filepath.Join(folder, "history.db"), 3)
	if err := allow(folder, 0o555, 0o644); err != nil {
		t.Fatal(err)
	}
	if out := asNobody(t, filepath.Join(folder, "history.db")+"\nread"); out != "3 records\n" {
		t.Errorf("got %q, want 3 records", out)
	}
}

// accessible makes a folder that every user can reach.
func accessible(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o755) }) // so that it can be removed
	return folder
}

func allow(folder string, mode, files os.FileMode) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := os.Chmod(filepath.Join(folder, entry.Name()), files); err != nil {
			return err
		}
	}
	return os.Chmod(folder, mode)
}

// asNobody lets a copy of the test binary do an order and returns what it prints.
func asNobody(t *testing.T, order string) string {
	t.Helper()
	binary := filepath.Join(accessible(t), "history.test")
	if err := copyFile(os.Args[0], binary); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), job+"="+order)
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	out, err := cmd.CombinedOutput()
	if len(out) == 0 {
		t.Fatal(err)
	}
	return string(out)
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		return err
	}
	return target.Close()
}
