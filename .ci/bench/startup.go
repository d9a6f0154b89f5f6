package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// measureStartup has startup.sh start pbhook and a program that is cobra alone by turns; each round is the median of many.
func measureStartup(ctx context.Context, w *workshop) (measurement, error) {
	version, err := w.output(ctx, command{
		dir: ".ci/bench/startup", args: []string{"go", "list", "-m", "-f", "{{.Version}}", "github.com/spf13/cobra"},
	})
	if err != nil {
		return measurement{}, err
	}
	m := measurement{versions: map[string]string{cobraAlone: strings.TrimSpace(version)}}
	starts := "25"
	if w.quick {
		starts = "5"
	}
	c := command{args: []string{".ci/bench/startup.sh", starts}, env: []string{"PBHOOK_CI_BIN=" + filepath.Join(w.temp, "startup")}}
	for round := range w.rounds() {
		fmt.Fprintf(w.log, "  round %d: %s\n", round+1, strings.Join(c.args, " "))
		out, err := w.output(ctx, c)
		found := parseStartup(out)
		// It fails where pbhook is slow, and has told by how much.
		if len(found) == 0 {
			return m, err
		}
		m.rounds = append(m.rounds, found)
	}
	return m, nil
}

// A line of startup: a command, and its elapsed and processor time, each with a ratio.
var startupLine = regexp.MustCompile(`^(\S.*?)\s+([0-9.]+) ms\s+[0-9.]+\s+([0-9.]+) ms\s+[0-9.]+\s*$`)

func parseStartup(out string) figures {
	found := figures{}
	for line := range strings.Lines(out) {
		match := startupLine.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		elapsed, err := strconv.ParseFloat(match[2], 64)
		cpu, cpuErr := strconv.ParseFloat(match[3], 64)
		if err == nil && cpuErr == nil {
			found[match[1]+" elapsed"], found[match[1]+" cpu"] = elapsed, cpu
		}
	}
	return found
}
