//go:build !e2e

package cmd_test

import (
	"path/filepath"
	"testing"
)

// foreignPrograms tells whether the pages' commands beside pbhook are run, such as curl and npm.
const foreignPrograms = false

// exampleFolder is where an example is, without what has to be installed for it.
func exampleFolder(t *testing.T, name string) string {
	folder, err := filepath.Abs(filepath.Join(docsRoot, "docs/examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return folder
}
