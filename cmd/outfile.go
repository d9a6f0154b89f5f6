package cmd

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// outFile is a file that will be written whole or not at all: beside its place, and then renamed to it.
type outFile struct {
	path      string
	file      *os.File
	temporary bool // false for what is no plain file, such as /dev/stdout, and cannot be replaced
}

// createFile makes sure that path can be written later on. What stands there stays until [outFile.commit].
func createFile(path string) (*outFile, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("is a folder")}
		}
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		return &outFile{path: path, file: file}, err
	}
	// What a link points to is replaced, and not the link.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, named(err, path)
	}
	return &outFile{path: path, file: file, temporary: true}, nil
}

// commit writes the content and puts it in its place, readable by others as reports are.
func (o *outFile) commit(write func(io.Writer) error) error {
	err := write(o.file)
	if err == nil && o.temporary {
		err = errors.Join(o.file.Chmod(0o644), o.file.Sync())
	}
	if err = errors.Join(err, o.file.Close()); err == nil && o.temporary {
		err = os.Rename(o.file.Name(), o.path)
	}
	return named(err, o.path)
}

// discard takes away what was not committed; after a commit there is nothing.
func (o *outFile) discard() {
	_ = o.file.Close()
	if o.temporary {
		_ = os.Remove(o.file.Name())
	}
}

// named says the error of the file that was asked for, and not of the one beside it.
func named(err error, path string) error {
	if failure, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: failure.Op, Path: path, Err: failure.Err}
	}
	return err
}
