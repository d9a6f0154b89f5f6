package cmd

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

// expectFlags turn listening into an assertion.
type expectFlags struct {
	expect string
	within time.Duration
}

func (e *expectFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&e.expect, "expect", "", "wait for these `EVENTS`, 'certificate.minted=1,voucher.*>=2', and exit with 0 or 6")
	flags.DurationVar(&e.within, "within", 30*time.Second, "how long --expect waits, as a `DURATION`")
}

// assertion counts the events that were accepted, each once, against what is expected of them. It is safe for concurrent use.
type assertion struct {
	expected []receiver.Expectation

	mu      sync.Mutex
	counts  []int
	settled chan struct{} // closed once waiting changes nothing
}

func (e *expectFlags) open(a *app, source libraryFlags) (*assertion, error) {
	s := &assertion{settled: make(chan struct{})}
	if e.expect == "" {
		return s, nil
	}
	if e.within <= 0 {
		return nil, &valueError{"--within", e.within.String(), "is no time to wait"}
	}
	var err error
	if s.expected, err = receiver.ParseExpectations(e.expect); err != nil {
		return nil, err
	}
	for i, expectation := range s.expected {
		if expectation.Types == "all" { // as other verbs call them
			s.expected[i].Types = "*"
		}
	}
	s.counts = make([]int, len(s.expected))
	library, _, err := a.library(source)
	if err != nil {
		return nil, err
	}
	return s, checkExpected(a, library, s.expected)
}

// checkExpected refuses a type that is likely misspelt: it would never come, and with =0 the assertion would always hold. What
// is like no type that is known may be a new one of Pocketbook's and is warned of alone, as is a glob.
func checkExpected(a *app, library *fixture.Library, expected []receiver.Expectation) error {
	for _, expectation := range expected {
		_, err := library.Select(expectation.Types)
		unknown, ok := errors.AsType[*fixture.UnknownError](err)
		switch {
		case !ok:
		case len(unknown.Nearest) > 0 && !strings.ContainsAny(expectation.Types, `*?[`):
			return fmt.Errorf("--expect: %w", unknown)
		default:
			a.view.Warning(noTypeFits("--expect", unknown))
		}
	}
	return nil
}

// warnOfEvents warns of patterns of --events that are likely misspelt: nothing would fit them, and nobody would be told why.
// What is like no type that is known may be a new one of Pocketbook's. Fixtures that cannot be read are no reason to choose none.
func (a *app) warnOfEvents(patterns []string) {
	if len(patterns) == 0 {
		return
	}
	library, _, err := a.library(libraryFlags{})
	if err != nil {
		return
	}
	for _, pattern := range patterns {
		_, err := library.Select(pattern)
		if unknown, ok := errors.AsType[*fixture.UnknownError](err); ok && len(unknown.Nearest) > 0 {
			a.view.Warning(noTypeFits("--events", unknown))
		}
	}
}

func noTypeFits(flag string, unknown *fixture.UnknownError) string {
	text := fmt.Sprintf("%s %s: no event type that pbhook knows fits", flag, unknown.Name)
	if len(unknown.Nearest) > 0 {
		text += "; " + nearestHint(unknown.Nearest, "")
	}
	return text
}

func (s *assertion) wanted() bool { return len(s.expected) > 0 }

// add counts an event.
func (s *assertion) add(eventType string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, expectation := range s.expected {
		if expectation.Takes(eventType) {
			s.counts[i]++
		}
	}
	select {
	case <-s.settled:
	default:
		if s.wanted() && s.decided() {
			close(s.settled)
		}
	}
}

// decided tells whether more events could not change the outcome for the better, nor does anything forbid some.
func (s *assertion) decided() bool {
	all := true
	for i, expectation := range s.expected {
		if expectation.Exceeded(s.counts[i]) {
			return true
		}
		all = all && expectation.Met(s.counts[i]) && !expectation.Forbids()
	}
	return all
}

// result is what became of the expectations so far, and the error if one of them does not hold.
func (s *assertion) result() ([]view.Expected, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []view.Expected
	missed := 0
	for i, expectation := range s.expected {
		met := expectation.Met(s.counts[i])
		if !met {
			missed++
		}
		all = append(all, view.Expected{Expectation: expectation.String(), Got: s.counts[i], Met: met})
	}
	if missed == 0 {
		return all, nil
	}
	return all, &checkError{fmt.Sprintf("not met: %d of %s", missed, view.Count(len(all), "expectation"))}
}
