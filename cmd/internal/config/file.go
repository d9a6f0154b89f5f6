package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

const largestFile = 64 << 10 // bytes

// readFile reads a bounded regular file that is no symbolic link, and tells its permissions. A file that is not there is
// fs.ErrNotExist, everything else a [*FileError].
func readFile(path string) ([]byte, fs.FileMode, error) {
	before, err := os.Lstat(path)
	if err != nil {
		return nil, 0, fileError(path, err)
	}
	if err := plainFile(before.Mode()); err != nil {
		return nil, 0, &FileError{path, err}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, fileError(path, err)
	}
	defer file.Close()
	after, err := file.Stat()
	if err != nil {
		return nil, 0, fileError(path, err)
	}
	if !os.SameFile(before, after) { // swapped for a link between the two calls
		return nil, 0, &FileError{path, ErrSymlink}
	}
	content, err := readBounded(file, largestFile, ErrTooLarge)
	if err != nil {
		return nil, 0, fileError(path, err)
	}
	return content, after.Mode().Perm(), nil
}

func plainFile(mode fs.FileMode) error {
	switch {
	case mode&fs.ModeSymlink != 0:
		return ErrSymlink
	case !mode.IsRegular():
		return ErrNotRegular
	default:
		return nil
	}
}

func readBounded(r io.Reader, limit int, tooMuch error) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if len(content) > limit {
		return nil, tooMuch
	}
	return content, nil
}

// fileError names the path once, also where the cause of the os package names it too.
func fileError(path string, err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		err = named.Err
	}
	return &FileError{path, err}
}
