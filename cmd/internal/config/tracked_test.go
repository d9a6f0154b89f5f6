package config_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

// git runs the real one in dir, away from the settings of whoever runs the tests.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=ada", "-c", "user.email=ada@example.com"}, args...)...)
	command.Dir = dir
	inherited := slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "GIT_") })
	command.Env = slices.Concat(inherited, []string{"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull})
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestAFileThatGitTracksTakesNoSecret(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(d *desk)
		file string
		want error
	}{
		"tracked": {func(d *desk) { git(t, d.work, "add", ".env") }, ".env", config.ErrTracked},
		"tracked and committed": {func(d *desk) {
			git(t, d.work, "add", ".env")
			git(t, d.work, "commit", "-qm", "x")
		}, ".env", config.ErrTracked},
		"tracked below the root": {func(d *desk) { git(t, d.work, "add", "api/.env") }, "api/.env", config.ErrTracked},
		"tracked in another case": {func(d *desk) {
			d.write(filepath.Join(d.work, ".ENV"), "A=1\n")
			git(t, d.work, "add", ".ENV")
		}, ".env", config.ErrTracked},
		"deleted but still tracked": {func(d *desk) {
			git(t, d.work, "add", ".env")
			if err := os.Remove(filepath.Join(d.work, ".env")); err != nil {
				t.Fatal(err)
			}
		}, ".env", config.ErrTracked},
		"tracked, in an index of compressed names": {func(d *desk) {
			git(t, d.work, "add", ".env", "api")
			git(t, d.work, "update-index", "--index-version", "4")
		}, "api/.env", config.ErrTracked},
		"tracked, in an index without a checksum": {func(d *desk) {
			git(t, d.work, "-c", "index.skipHash=true", "add", ".env")
		}, ".env", config.ErrTracked},
		"tracked in spite of .gitignore": {func(d *desk) {
			d.write(filepath.Join(d.work, ".gitignore"), ".env\n")
			git(t, d.work, "add", "-f", ".env")
		}, ".env", config.ErrTracked},
		"tracked in a linked work tree": {func(d *desk) {
			git(t, d.work, "commit", "-qm", "x", "--allow-empty")
			git(t, d.work, "worktree", "add", "-q", "linked")
			d.write(filepath.Join(d.work, "linked", ".env"), "A=1\n")
			git(t, filepath.Join(d.work, "linked"), "add", ".env")
		}, "linked/.env", config.ErrTracked},
		"tracked, behind a linked folder": {func(d *desk) {
			git(t, d.work, "add", "api/.env")
			if err := os.Symlink(filepath.Join(d.work, "api"), filepath.Join(d.home, "here")); err != nil {
				t.Fatal(err)
			}
		}, "HOME/here/.env", config.ErrTracked},
		"an index that is split": {func(d *desk) {
			git(t, d.work, "add", "api")
			git(t, d.work, "update-index", "--split-index")
		}, ".env", config.ErrIndex},
		"an index that is none":  {func(d *desk) { d.write(filepath.Join(d.work, ".git", "index"), "DIRC") }, ".env", config.ErrIndex},
		"nothing was added yet":  {func(*desk) {}, ".env", nil},
		"another one is tracked": {func(d *desk) { git(t, d.work, "add", "api/.env") }, ".env", nil},
		"removed from the index": {func(d *desk) {
			git(t, d.work, "add", ".env")
			git(t, d.work, "rm", "-q", "--cached", ".env")
		}, ".env", nil},
		"tracked by a repository around this one": {func(d *desk) {
			git(t, d.work, "add", "api/.env")
			git(t, filepath.Join(d.work, "api"), "init", "-q")
		}, "api/.env", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			git(t, d.work, "init", "-q")
			d.write(filepath.Join(d.work, ".env"), "A=1\n")
			d.write(filepath.Join(d.work, "api", ".env"), "A=1\n")
			test.set(d)
			err := d.keeper(strings.Replace(test.file, "HOME", d.home, 1)).Check(t.Context())
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
				t.Errorf("Check gives %v, want %v", err, test.want)
			}
		})
	}
}
