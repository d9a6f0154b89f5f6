package history

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// place is where a store is kept: a file, those that SQLite puts beside it, and the one that processes meet at. Closing a
// file drops the locks that SQLite holds on it in this process, so nothing here opens one that it may have open.
type place struct {
	path string // absolute
}

// The endings that SQLite gives to the files beside the main one.
const (
	logEnding     = "-wal"
	sharedEnding  = "-shm"
	journalEnding = "-journal"
	lockEnding    = ".lock"
	newEnding     = ".new"
)

// damagedEnding and a time make the name of what was set aside.
const damagedEnding = ".damaged-"

// IsSetAside tells whether path is the name of a damaged file that was set aside by [Open].
func IsSetAside(path string) bool {
	_, at, found := strings.Cut(filepath.Base(path), damagedEnding)
	_, err := time.Parse(asideStamp, at)
	return found && err == nil
}

const asideStamp = "20060102T150405.000000000Z"

// prepare makes the folder and the lock file, for this user alone, and refuses to go through links.
func (p place) prepare() error {
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		return p.unwritable(err)
	}
	if err := p.refuseLinks(); err != nil {
		return err
	}
	file, err := os.OpenFile(p.path+lockEnding, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case err == nil:
		return p.unwritable(file.Close())
	case errors.Is(err, fs.ErrExist):
		return nil
	default:
		return p.unwritable(err)
	}
}

func (p place) refuseLinks() error {
	for _, ending := range []string{"", logEnding, sharedEnding, journalEnding, lockEnding, newEnding} {
		info, err := os.Lstat(p.path + ending)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return p.unwritable(err)
		case info.Mode()&fs.ModeSymlink != 0:
			return &FileError{p.path + ending, ErrSymlink}
		case !info.Mode().IsRegular():
			return &FileError{p.path + ending, ErrNotRegular}
		}
	}
	return nil
}

func (p place) unwritable(err error) error {
	if err == nil {
		return nil
	}
	path := p.path
	if named := (*fs.PathError)(nil); errors.As(err, &named) {
		path, err = named.Path, named.Err
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return &ReadOnlyError{path, err}
	}
	return &FileError{path, err}
}

// exists tells whether there is a store, or what is left of one.
func (p place) exists() bool { return p.size("") >= 0 || p.size(logEnding) > 0 }

// size is -1 for a file that is not there.
func (p place) size(ending string) int64 {
	info, err := os.Stat(p.path + ending)
	if err != nil {
		return -1
	}
	return info.Size()
}

// restrict takes from others what a file of an older day, or one that was copied here, lets them do.
func (p place) restrict() error {
	for _, ending := range []string{"", logEnding, sharedEnding, lockEnding} {
		info, err := os.Stat(p.path + ending)
		if err != nil || info.Mode().Perm()&0o077 == 0 || runtime.GOOS == "windows" {
			continue // what is not there is made like the main file
		}
		if err := os.Chmod(p.path+ending, 0o600); err != nil {
			return p.unwritable(err)
		}
	}
	return nil
}

// setAside moves the file and its companions to a name that nothing has yet. The main file goes last: should this be cut
// short, it is found damaged again, and not empty with the log of another.
func (p place) setAside(now time.Time) (string, error) {
	name := p.path + damagedEnding + now.UTC().Format(asideStamp)
	if p.size(logEnding) == 0 {
		_ = os.Remove(p.path + logEnding) // there is nothing in it; should it stay, it is moved
	}
	_ = os.Remove(p.path + sharedEnding) // is made anew for whoever reads the log
	for _, ending := range []string{logEnding, sharedEnding, journalEnding, ""} {
		if err := os.Rename(p.path+ending, name+ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", p.unwritable(err)
		}
	}
	return name, p.sync()
}

// sync makes new names in the folder durable; Windows has no way to ask for that.
func (p place) sync() error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(filepath.Dir(p.path))
	if err != nil {
		return p.unwritable(err)
	}
	return p.unwritable(errors.Join(folder.Sync(), folder.Close()))
}

// watch returns a function that tells whether the file is still the one that was there when watch was called.
func (p place) watch() (func() error, error) {
	first, err := os.Stat(p.path)
	if err != nil {
		return nil, p.unwritable(err)
	}
	return func() error {
		if now, err := os.Stat(p.path); err != nil || !os.SameFile(first, now) {
			return &FileError{p.path, ErrGone}
		}
		return nil
	}, nil
}
