//go:build unix

package cmd_test

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

// Whoever cannot write a history reads the one that is there, and what would be kept is in memory, with a warning.
func TestAHistoryThatCannotBeWritten(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(folder, "pbhook") // testscript.Main runs the command that it is called by
	copyFile(t, os.Args[0], binary, 0o755)
	capture := filepath.Join(folder, "one.ndjson")
	if err := os.WriteFile(capture, []byte(`{"kind":"request","version":1,"time":"2026-01-02T03:04:05Z","method":"POST",`+
		`"url":"http://localhost/","headers":[],"body":"{\"id\":\"evt_1\",\"type\":\"a.b\",\"created\":1,\"data\":{}}"}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	state := filepath.Join(folder, "state")
	run := func(user int, args ...string) (output string, failed bool) {
		c := exec.CommandContext(t.Context(), binary, args...)
		c.Dir = "/"
		c.Env = []string{"HOME=/nowhere", "XDG_STATE_HOME=" + state, "POCKETBOOK_WEBHOOK_SECRET=" + scriptSecret, "NO_PROXY=*"}
		if os.Getuid() == 0 {
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(user), Gid: uint32(user)}}
		}
		out, err := c.CombinedOutput()
		return string(out), err != nil
	}
	if out, failed := run(os.Getuid(), "history", "import", capture); failed {
		t.Fatal(out)
	}
	seal(t, filepath.Join(state, "pbhook"))

	for _, test := range []struct {
		args     []string
		contains []string
		fails    bool
	}{
		{[]string{"history"}, []string{"a.b [evt_1]"}, false},
		{[]string{"history", "show", "last"}, []string{"evt_1"}, false},
		{[]string{"history", "prune", "--keep", "1", "--dry-run"}, []string{"0 would be removed, 1 left"}, false},
		{[]string{"replay", "last", "--include-invalid", "--to", "http://127.0.0.1:1/"}, []string{"replays are not kept", "connection to 127.0.0.1:1 was refused"}, true},
		{[]string{"replay", capture, "--to", "http://127.0.0.1:1/"}, []string{"what this command adds to the history is gone when it ends"}, true},
		{[]string{"history", "import", capture}, []string{"cannot be written", "hint: name a file that can be written with --history"}, true},
		{[]string{"history", "prune"}, []string{"cannot be written"}, true},
	} {
		out, failed := run(nobody, test.args...)
		for _, want := range test.contains {
			if !strings.Contains(out, want) {
				t.Errorf("%v printed %q, want %q in it", test.args, out, want)
			}
		}
		if failed != test.fails {
			t.Errorf("%v failed: %v, want %v; it printed %q", test.args, failed, test.fails, out)
		}
	}
}

// seal lets everybody read a folder and nobody write to it.
func seal(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if err := os.Chmod(filepath.Join(folder, entry.Name()), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o755) }) // so that it can be removed
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	source, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, mode)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(target, source); err != nil {
		t.Fatal(err)
	}
	if err := target.Close(); err != nil {
		t.Fatal(err)
	}
}
