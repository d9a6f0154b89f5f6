//go:build e2e

package cmd_test

import "testing"

// foreignPrograms tells whether the pages' commands beside pbhook are run, such as curl and npm. One that is missing fails.
const foreignPrograms = true

// exampleFolder is where an example is with all that it needs.
func exampleFolder(t *testing.T, name string) string { return prepareExample(t, name).dir }
