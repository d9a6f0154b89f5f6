package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// measureMemory has memory.sh send events and large bodies to pbhook listen, and sets what it holds of memory at the end
// beside what it held after three tenths of them.
func measureMemory(ctx context.Context, w *workshop) (measurement, error) {
	events, large := "200000", "3000"
	if w.quick {
		events, large = "20000", "200"
	}
	// It builds a pbhook of its own.
	c := command{args: []string{".ci/bench/memory.sh", events, large}, env: []string{"PBHOOK_CI_BIN=" + filepath.Join(w.temp, "memory")}}
	fmt.Fprintf(w.log, "  $ %s\n", strings.Join(c.args, " "))
	out, err := w.output(ctx, c)
	// It fails where memory grew, and has told by how much.
	return measurement{rounds: []figures{parseMemory(out)}}, err
}

// parseMemory reads lines of a name and ten sizes in MB.
func parseMemory(out string) figures {
	found := figures{}
	for line := range strings.Lines(out) {
		words := strings.Fields(line)
		if len(words) < 11 {
			continue
		}
		third, err := strconv.ParseFloat(words[3], 64)
		last, lastErr := strconv.ParseFloat(words[10], 64)
		if err == nil && lastErr == nil {
			found[words[0]+" third"], found[words[0]+" last"] = third*1e6, last*1e6
		}
	}
	return found
}
