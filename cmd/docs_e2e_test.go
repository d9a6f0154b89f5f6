//go:build e2e

package cmd_test

// foreignPrograms tells whether the pages' commands beside pbhook are run, such as curl and npm. One that is missing fails.
const foreignPrograms = true
