package cmd

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

// writeFixture writes the sample alone, to stdout unless there is a file.
func writeFixture(a *app, file string, s fixture.Specimen) error {
	write := func(to io.Writer) error {
		_, err := to.Write(s.Body)
		return err
	}
	if file == "" {
		if err := a.view.Document(s.Body); err != nil {
			return err
		}
	} else {
		if err := writeNew(file, write); err != nil {
			return err
		}
		a.view.Note("written to %s", ui.Sanitize(file))
	}
	if s.Schema != nil {
		a.view.Note("%s has no schema, so only its id and times are new when it is sent; --dir DIR writes a schema too", s.Type)
	}
	warnOfViolations(a, s)
	return nil
}

// writeFixtures looks before it writes, so that a folder is never left with half of the files. What it makes stays within
// the folder, whatever links are in there.
func writeFixtures(a *app, dir string, specimens []fixture.Specimen) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	files := map[string][]byte{}
	for _, s := range specimens {
		files[s.File()] = s.Body
		if s.Schema != nil {
			files[s.SchemaFile()] = s.Schema
		}
	}
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		if _, err := root.Lstat(name); err == nil {
			return &existsError{path: filepath.Join(dir, filepath.FromSlash(name))}
		}
	}
	for _, name := range names {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return err
		}
		if err := writeWithin(root, name, files[name]); err != nil {
			return err
		}
	}
	for _, s := range specimens {
		a.view.Note("%s is in %s; pbhook send %s --fixtures %s sends it", s.Type, ui.Sanitize(dir), s.Type, ui.Sanitize(dir))
		warnOfViolations(a, s)
	}
	return nil
}

func writeWithin(root *os.Root, name string, content []byte) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return &existsError{path: filepath.Join(root.Name(), filepath.FromSlash(name))}
	}
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}

func warnOfViolations(a *app, s fixture.Specimen) {
	if len(s.Violations) > 0 {
		a.view.Warning("the sample of " + string(s.Type) + " breaks its schema, so it is sent with --no-validate alone: " + s.Violations[0].String())
	}
}
