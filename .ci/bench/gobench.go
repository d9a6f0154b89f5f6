package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// goBench is a benchmark of this repository that has all its sides in turns and reports each.
type goBench struct {
	dir       string // of its module
	pkg       string
	name      string // without "Benchmark"
	benchtime string
	short     string // instead of benchtime in a quick run
	tags      string
	env       []string
	versions  func(context.Context, *workshop) (map[string]string, error) // finds the peers, and installs them; or nil
}

func (g goBench) measure(ctx context.Context, w *workshop) (measurement, error) {
	var m measurement
	if g.versions != nil {
		versions, err := g.versions(ctx, w)
		if err != nil {
			return m, err
		}
		m.versions = versions
	}
	c := g.command(w)
	fmt.Fprintf(w.log, "  $ %s\n", strings.Join(append(c.env, c.args...), " "))
	out, err := w.output(ctx, c)
	if err != nil {
		return m, err
	}
	m.rounds = parseGoBench(out)
	return m, nil
}

func (g goBench) command(w *workshop) command {
	benchtime := g.benchtime
	if w.quick {
		benchtime = g.short
	}
	args := []string{"go", "test"}
	if g.tags != "" {
		args = append(args, "-tags", g.tags)
	}
	args = append(args, "-run", "^$", "-bench", "^Benchmark"+g.name+"$", "-benchtime", benchtime, "-count", strconv.Itoa(w.rounds()), g.pkg)
	return command{dir: g.dir, env: g.env, args: args}
}

// A line of go test: the name with the number of processors, how often it ran, and values with their units.
var benchLine = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(\S.*)$`)

// parseGoBench returns the figures of each round, named by benchmark and unit as in "Verify/pbhook ns/op". With -count a
// benchmark is printed once for each round.
func parseGoBench(out string) []figures {
	var rounds []figures
	seen := map[string]int{}
	for line := range strings.Lines(out) {
		match := benchLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if match == nil {
			continue
		}
		name := match[1]
		round := seen[name]
		seen[name]++
		if round == len(rounds) {
			rounds = append(rounds, figures{})
		}
		words := strings.Fields(match[2])
		for i := 0; i+1 < len(words); i += 2 {
			if value, err := strconv.ParseFloat(words[i], 64); err == nil {
				rounds[round][name+" "+words[i+1]] = value
			}
		}
	}
	return rounds
}
