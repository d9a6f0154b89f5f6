package config

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/index"
)

const (
	largestIndex = 256 << 20 // bytes; that of the largest repositories has some tens of millions
	largestLink  = 4 << 10   // bytes of a .git file
)

// refuseTracked fails with a [*FileError] of [ErrTracked] for a file that git has in its index, so that what is written
// there goes into the next commit, and of [ErrIndex] where that cannot be told. It reads the index as git would, for the
// repository that the file lies in; one that only GIT_DIR names is not seen.
func refuseTracked(path string) error {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return fileError(path, err)
	}
	root, gitDir, err := repository(dir)
	if err != nil || gitDir == "" {
		return err
	}
	name, err := filepath.Rel(root, filepath.Join(dir, filepath.Base(path)))
	if err != nil {
		return fileError(path, err)
	}
	has, err := inIndex(filepath.Join(gitDir, "index"), filepath.ToSlash(name))
	switch {
	case err != nil:
		return &FileError{path, fmt.Errorf("%w: %w", ErrIndex, err)}
	case has:
		return &FileError{path, ErrTracked}
	}
	return nil
}

// repository finds the innermost work tree around dir and where git keeps its index; both are empty if there is none.
func repository(dir string) (root, gitDir string, err error) {
	for {
		entry := filepath.Join(dir, ".git")
		info, err := os.Stat(entry)
		switch {
		case err == nil && info.IsDir():
			return dir, entry, nil
		case err == nil:
			gitDir, err := readLink(entry)
			return dir, gitDir, err
		case !errors.Is(err, fs.ErrNotExist):
			return "", "", fileError(entry, err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", "", nil
		}
		dir = parent
	}
}

// readLink reads the .git file of a linked work tree or a submodule (gitrepository-layout(5)).
func readLink(path string) (gitDir string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fileError(path, err)
	}
	defer func() { _ = file.Close() }()
	content, err := readBounded(file, largestLink, ErrTooLarge)
	if err != nil {
		return "", fileError(path, err)
	}
	target, ok := strings.CutPrefix(strings.TrimRight(string(content), "\r\n"), "gitdir: ")
	if !ok {
		return "", &FileError{path, ErrIndex}
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(path), target)
	}
	return target, nil
}

// inIndex tells whether a name is in an index. Case does not count, for there are file systems on which it does not.
func inIndex(path, name string) (bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // nothing was ever added
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	var found index.Index
	if err := index.NewDecoder(bufio.NewReader(io.LimitReader(file, largestIndex))).Decode(&found); err != nil {
		return false, err
	}
	for _, entry := range found.Entries {
		if strings.EqualFold(entry.Name, name) {
			return true, nil
		}
	}
	return false, nil
}
