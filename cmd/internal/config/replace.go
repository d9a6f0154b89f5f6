package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// replaceFile writes content beside path and renames it there, so that a crash leaves the old file or the new one. It
// makes the folder if needed, and refuses to write through a symbolic link.
func replaceFile(path string, content []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fileError(dir, err)
	}
	if info, err := os.Lstat(path); err == nil {
		if err := plainFile(info.Mode()); err != nil {
			return &FileError{path, err}
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fileError(path, err)
	}
	temporary, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fileError(dir, err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // after the rename nothing is there
	if err := writeAndSync(temporary, content); err != nil {
		return fileError(temporary.Name(), err)
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return &FileError{path, err}
	}
	return syncFolder(dir)
}

// checkReplaceable tells whether replaceFile would find a folder that it may write to. A folder that is not there yet is one
// that it makes.
func checkReplaceable(path string) error {
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	temporary, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return fileError(dir, err)
	}
	return errors.Join(temporary.Close(), os.Remove(temporary.Name()))
}

func writeAndSync(file *os.File, content []byte) error {
	_, err := file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncFolder makes the rename durable; Windows has no way to ask for that.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(dir)
	if err != nil {
		return fileError(dir, err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fileError(dir, err)
	}
	return nil
}
