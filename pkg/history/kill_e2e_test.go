//go:build e2e

package history_test

import (
	"flag"
	"testing"
)

var kills = flag.Int("kills", 50, "how often a process that writes is killed")

func TestNoKilledProcessLosesWhatItAcknowledged(t *testing.T) { killWriters(t, *kills) }
