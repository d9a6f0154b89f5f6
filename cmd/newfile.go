package cmd

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// writeNew makes a file that only its owner can read and has write fill it. A file that is there already is an
// *existsError and stays as it is; one that could not be finished is taken away again.
func writeNew(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &existsError{path: path}
	}
	if err != nil {
		return err
	}
	err = errors.Join(write(file), file.Close())
	if _, shown := errors.AsType[*shownError](err); err != nil && !shown {
		return errors.Join(err, os.Remove(path))
	}
	return err
}
