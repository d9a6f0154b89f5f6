// Command startup measures how long pbhook takes to start, beside a program that is cobra alone. The runs alternate, so
// that what else the machine does meets both alike.
//
//	startup ROUNDS PBHOOK BARE
//
// It prints medians of the elapsed and of the processor's time (user and system) and their ratios to those of bare
// --version, and exits with 1 when either of pbhook --version is over 1.5.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

const limit = 1.5

// series is one command line and its times.
type series struct {
	name      string
	args      []string
	wall, cpu []time.Duration
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: startup ROUNDS PBHOOK BARE")
	}
	rounds, err := strconv.Atoi(os.Args[1])
	if err != nil || rounds < 1 {
		log.Fatalf("%q is not a number of rounds", os.Args[1])
	}
	pbhook, bare := os.Args[2], os.Args[3]
	all := []*series{
		{name: "bare --version", args: []string{bare, "--version"}},
		{name: "pbhook --version", args: []string{pbhook, "--version"}},
		{name: "pbhook version", args: []string{pbhook, "version"}},
		{name: "pbhook send --help", args: []string{pbhook, "send", "--help"}},
	}
	for _, s := range all {
		s.run() // once unmeasured: the files come from the disk
	}
	for _, s := range all {
		s.wall, s.cpu = nil, nil
	}
	for range rounds {
		for _, s := range all {
			s.run()
		}
	}
	report(rounds, all)
}

func (s *series) run() {
	command := exec.Command(s.args[0], s.args[1:]...)
	begin := time.Now()
	if err := command.Run(); err != nil {
		log.Fatalf("%s: %v", s.name, err)
	}
	s.wall = append(s.wall, time.Since(begin))
	s.cpu = append(s.cpu, command.ProcessState.UserTime()+command.ProcessState.SystemTime())
}

func report(rounds int, all []*series) {
	base, late := all[0], false
	fmt.Printf("medians of %d rounds\n%-20s %9s %7s %9s %7s\n", rounds, "", "elapsed", "ratio", "cpu", "ratio")
	for i, s := range all {
		wall, cpu := ratio(s.wall, base.wall), ratio(s.cpu, base.cpu)
		fmt.Printf("%-20s %6.2f ms %7.2f %6.2f ms %7.2f\n", s.name, milliseconds(s.wall), wall, milliseconds(s.cpu), cpu)
		late = late || i == 1 && (wall > limit || cpu > limit)
	}
	if late {
		log.Fatalf("pbhook --version takes more than %.1f times as long as cobra alone", limit)
	}
}

func milliseconds(times []time.Duration) float64 { return median(times).Seconds() * 1000 }

func ratio(times, base []time.Duration) float64 {
	return median(times).Seconds() / median(base).Seconds()
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
