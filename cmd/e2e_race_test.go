//go:build e2e

package cmd_test

import (
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// goFlags are GOFLAGS for what an end-to-end test builds: it looks for races where the test itself does. Scripts that call
// pbhook have that already, for they run the test binary.
func goFlags() string {
	flags := os.Getenv("GOFLAGS")
	info, ok := debug.ReadBuildInfo()
	if ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		flags = strings.TrimSpace(flags + " -race")
	}
	return flags
}
