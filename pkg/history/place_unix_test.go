//go:build unix

package history_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestFilesAreForTheUserAloneUnderAnyUmask(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	folder := filepath.Join(t.TempDir(), "state", "pbhook")
	store := open(t, history.Options{Path: filepath.Join(folder, "history.db")})
	add(t, store, minted)
	expectModes(t, folder, 0o700)
	expectModes(t, filepath.Dir(folder), 0o700)
	for _, name := range []string{"history.db", "history.db-wal", "history.db-shm", "history.db.lock"} {
		expectModes(t, filepath.Join(folder, name), 0o600)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 4 {
		t.Errorf("%d files, %v; want the 4 above", len(files), err)
	}
}

func TestAFileThatOthersMayReadIsTakenFromThem(t *testing.T) {
	at := path(t)
	made(t, at, 1)
	if err := os.Chmod(at, 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, history.Options{Path: at})
	expectModes(t, at, 0o600)
}

func TestAFolderThatWasThereKeepsItsMode(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	open(t, history.Options{Path: filepath.Join(folder, "history.db")})
	expectModes(t, folder, 0o755)
}

func TestLinksAndOtherThingsAreRefused(t *testing.T) {
	tests := []struct {
		name, ending string
		put          func(target, name string) error
		want         error
	}{
		{"a link to another database", "", os.Symlink, history.ErrSymlink},
		{"a link for the log", "-wal", os.Symlink, history.ErrSymlink},
		{"a link for the shared memory", "-shm", os.Symlink, history.ErrSymlink},
		{"a link for the lock", ".lock", os.Symlink, history.ErrSymlink},
		{"a link for the new file", ".new", os.Symlink, history.ErrSymlink},
		{"a folder", "", func(_, name string) error { return os.Mkdir(name, 0o700) }, history.ErrNotRegular},
		{"a pipe, which nobody writes to", "", func(_, name string) error { return syscall.Mkfifo(name, 0o600) }, history.ErrNotRegular},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target, at := path(t), path(t)
			made(t, target, 1)
			before := content(t, target)
			if err := tt.put(target, at+tt.ending); err != nil {
				t.Fatal(err)
			}
			for _, readOnly := range []bool{false, true} {
				_, err := history.Open(t.Context(), history.Options{Path: at, ReadOnly: readOnly})
				var refused *history.FileError
				if !errors.As(err, &refused) || refused.Path != at+tt.ending || !errors.Is(err, tt.want) {
					t.Errorf("ReadOnly %t: got %v, want a *FileError about %s that wraps %q", readOnly, err, at+tt.ending, tt.want)
				}
			}
			if string(content(t, target)) != string(before) {
				t.Error("what the link leads to was changed")
			}
		})
	}
}

func TestALinkedFolderWorks(t *testing.T) {
	folder, link := t.TempDir(), filepath.Join(t.TempDir(), "state")
	if err := os.Symlink(folder, link); err != nil {
		t.Fatal(err)
	}
	add(t, open(t, history.Options{Path: filepath.Join(link, "history.db")}), minted)
	if _, err := os.Stat(filepath.Join(folder, "history.db")); err != nil {
		t.Error(err)
	}
}

func TestAddTellsWhenTheFileIsGone(t *testing.T) {
	for name, remove := range map[string]func(string) error{
		"removed": os.Remove,
		"moved":   func(name string) error { return os.Rename(name, name+"x") },
		"replaced": func(name string) error {
			return errors.Join(os.WriteFile(name+"x", nil, 0o600), os.Rename(name+"x", name))
		},
	} {
		t.Run(name, func(t *testing.T) {
			at := path(t)
			store := open(t, history.Options{Path: at})
			add(t, store, minted)
			if err := remove(at); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Add(t.Context(), minted); !errors.Is(err, history.ErrGone) {
				t.Errorf("got %v, want %v", err, history.ErrGone)
			}
		})
	}
}

func expectModes(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Error(err)
	} else if info.Mode().Perm() != want {
		t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
	}
}
