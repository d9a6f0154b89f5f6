// Command bench runs every comparison of pbhook with a peer or a floor, both sides in turns, and writes the table of
// docs/benchmarks.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	exitFailure     = 1 // a figure is below its target, or there is none
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	chosen, quick, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "bench:", err)
		return exitUsage
	}
	w, err := newWorkshop(ctx, stderr, quick)
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return exitFailure
	}
	defer w.close()

	machine := describe(w.goVersion, time.Now())
	var outcomes []outcome
	for i, c := range chosen {
		fmt.Fprintf(stderr, "\n[%d/%d] %s\n", i+1, len(chosen), c.name)
		measured := c.run(ctx, w)
		if ctx.Err() != nil {
			return exitInterrupted
		}
		for _, r := range c.rows {
			o := judge(c.name, r, measured)
			fmt.Fprintln(stderr, "  "+o.String())
			outcomes = append(outcomes, o)
		}
	}
	section := machine.String() + " " + summary(outcomes) + "\n\n" + table(outcomes)
	// A table of some rows, or of short runs, is not the page's.
	if quick || len(chosen) < len(comparisons()) {
		fmt.Fprint(stdout, "\n"+section)
	} else if err := writePage(w.page(), section); err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return exitFailure
	} else {
		fmt.Fprintln(stderr, "\nwrote docs/benchmarks.md")
	}
	if slices.ContainsFunc(outcomes, outcome.failed) {
		return exitFailure
	}
	return 0
}

func parse(args []string, stderr io.Writer) (chosen []comparison, quick bool, err error) {
	all := comparisons()
	var names []string
	for _, c := range all {
		names = append(names, c.name)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	only := flags.String("only", "", "")
	flags.BoolVar(&quick, "quick", false, "")
	err = flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stderr, "usage: .ci/bench/run [--only NAME,…] [--quick]\n\n"+
			"Runs every comparison and writes the table of docs/benchmarks.md.\n"+
			"With --only some, with --quick shorter runs, the table is printed instead.\n\nNAME: %s\n", strings.Join(names, ", "))
		return nil, false, err
	case err != nil:
		return nil, false, err
	case flags.NArg() > 0:
		return nil, false, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *only == "":
		return all, quick, nil
	}
	for name := range strings.SplitSeq(*only, ",") {
		at := slices.Index(names, name)
		if at < 0 {
			return nil, false, fmt.Errorf("no comparison is named %q; there are %s", name, strings.Join(names, ", "))
		}
		chosen = append(chosen, all[at])
	}
	return chosen, quick, nil
}
