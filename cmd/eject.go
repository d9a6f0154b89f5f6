package cmd

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// ejectFiles copies files into dir, all of them or none: an [*existsError] says what is in the way, and after any other
// error what had been written is gone again. Links in dir are not followed.
func ejectFiles(dir string, from fs.FS, files []string) error {
	if inTheWay := obstacle(dir, files); inTheWay != "" {
		return &existsError{path: inTheWay}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	e := ejection{root: root}
	defer func() { _ = root.Close() }()
	for _, file := range files {
		if err := e.copy(from, file); err != nil {
			e.undo()
			return err
		}
	}
	return nil
}

// obstacle is the first path that is taken: by a file that would be written, or by something else where a folder belongs.
func obstacle(dir string, files []string) string {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return dir
	}
	for _, file := range files {
		for folder := path.Dir(file); folder != "."; folder = path.Dir(folder) {
			target := filepath.Join(dir, filepath.FromSlash(folder))
			if info, err := os.Lstat(target); err == nil && !info.IsDir() {
				return target
			}
		}
		target := filepath.Join(dir, filepath.FromSlash(file))
		if _, err := os.Lstat(target); err == nil {
			return target
		}
	}
	return ""
}

// ejection is what has been made in a folder so far.
type ejection struct {
	root *os.Root
	made []string
}

func (e *ejection) copy(from fs.FS, file string) error {
	content, err := fs.ReadFile(from, file)
	if err != nil {
		return err
	}
	if err := e.mkdir(path.Dir(file)); err != nil {
		return err
	}
	out, err := e.root.OpenFile(filepath.FromSlash(file), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	e.made = append(e.made, file)
	_, err = out.Write(content)
	return errors.Join(err, out.Close())
}

func (e *ejection) mkdir(dir string) error {
	if dir == "." {
		return nil
	}
	if err := e.mkdir(path.Dir(dir)); err != nil {
		return err
	}
	err := e.root.Mkdir(filepath.FromSlash(dir), 0o755)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		e.made = append(e.made, dir)
	}
	return err
}

func (e *ejection) undo() {
	for _, name := range slices.Backward(e.made) {
		_ = e.root.Remove(filepath.FromSlash(name)) // what cannot be removed could not be mended either
	}
}
