package cmd

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

func TestAnEjectionThatFailsLeavesTheFolderAsItWas(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "kept", "mine")
	if err := os.MkdirAll(filepath.Dir(mine), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	from := fstest.MapFS{"a": {}, "kept/b": {}, "new/deep/c": {}}
	err := ejectFiles(dir, from, []string{"a", "kept/b", "new/deep/c", "not there"})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the error is %v", err)
	}
	var left []string
	err = fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		left = append(left, path)
		return err
	})
	if err != nil || len(left) != 3 || left[2] != "kept/mine" {
		t.Errorf("there is left %q, %v", left, err)
	}
}
