package receiver

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Expectation is how many events of some types should arrive.
type Expectation struct {
	Types string // pattern of event types such as "voucher.*", as path.Match reads it
	Least int
	Most  int // negative for no limit
}

// ExpectationError says which expectation cannot be held and why.
type ExpectationError struct {
	Expectation string // as given
	Reason      string // "has no number behind =", …
}

func (e *ExpectationError) Error() string {
	return fmt.Sprintf("expectation %q %s", e.Expectation, e.Reason)
}

// ParseExpectations reads a list such as "certificate.minted=1,voucher.*>=2,bulk_job.failed=0"; a type alone is expected at
// least once. It returns an [*ExpectationError] that names what it cannot read.
func ParseExpectations(text string) ([]Expectation, error) {
	shape := regexp.MustCompile(`^([^<>=\s]+)\s*(?:(=|>=|<=)\s*([0-9]{1,9}))?$`)
	var all []Expectation
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		fields := shape.FindStringSubmatch(part)
		if fields == nil {
			return nil, &ExpectationError{part, "is not TYPE, TYPE=N, TYPE>=N or TYPE<=N"}
		}
		if _, err := path.Match(fields[1], ""); err != nil {
			return nil, &ExpectationError{part, "has a bracket or backslash without its end"}
		}
		all = append(all, newExpectation(fields[1], fields[2], fields[3]))
	}
	return all, nil
}

func newExpectation(types, relation, number string) Expectation {
	count, _ := strconv.Atoi(number) // digits, or nothing
	switch relation {
	case "=":
		return Expectation{types, count, count}
	case ">=":
		return Expectation{types, count, -1}
	case "<=":
		return Expectation{types, 0, count}
	default:
		return Expectation{types, 1, -1}
	}
}

// String writes the expectation as [ParseExpectations] reads it.
func (e Expectation) String() string {
	switch {
	case e.Most < 0:
		return fmt.Sprintf("%s>=%d", e.Types, e.Least)
	case e.Least == e.Most:
		return fmt.Sprintf("%s=%d", e.Types, e.Least)
	default:
		return fmt.Sprintf("%s<=%d", e.Types, e.Most)
	}
}

// Takes tells whether events of the type count.
func (e Expectation) Takes(eventType string) bool {
	matched, err := path.Match(e.Types, eventType)
	return matched && err == nil
}

// Met tells whether count events are enough and not too many.
func (e Expectation) Met(count int) bool { return count >= e.Least && !e.Exceeded(count) }

// Exceeded tells whether count events are too many, which no waiting mends.
func (e Expectation) Exceeded(count int) bool { return e.Most >= 0 && count > e.Most }

// Forbids tells whether the expectation only limits how many arrive: it holds from the start, and whether it does in the end
// shows when time is over.
func (e Expectation) Forbids() bool { return e.Least == 0 }
