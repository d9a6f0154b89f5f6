//go:build e2e

package cmd_test

import (
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// racing tells whether this test, and with it every pbhook that it runs, looks for races. That takes several times the memory.
func racing() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// goFlags are GOFLAGS for what an end-to-end test builds, to have it look for races where the test itself does. Scripts that
// call pbhook need none, for they run the test binary.
func goFlags() string {
	flags := os.Getenv("GOFLAGS")
	if racing() {
		flags = strings.TrimSpace(flags + " -race")
	}
	return flags
}
