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
	file, err := openPlain(path)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, 0, fileError(path, err)
	}
	content, err := readBounded(file, largestFile, ErrTooLarge)
	if err != nil {
		return nil, 0, fileError(path, err)
	}
	return content, info.Mode().Perm(), nil
}

const openTries = 10 // another pbhook may put a new file into its place between two looks

// openPlain opens a regular file and makes sure that it is the one that was looked at, and not one behind a link.
func openPlain(path string) (*os.File, error) {
	for range openTries {
		before, err := os.Lstat(path)
		if err != nil {
			return nil, fileError(path, err)
		}
		if err := plainFile(before.Mode()); err != nil {
			return nil, &FileError{path, err}
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, fileError(path, err)
		}
		after, err := file.Stat()
		if err == nil && os.SameFile(before, after) {
			return file, nil
		}
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, fileError(path, err)
		}
	}
	return nil, &FileError{path, ErrUnsteady}
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
