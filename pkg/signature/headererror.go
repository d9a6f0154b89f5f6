package signature

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Problem names what makes a header unusable. The values are stable, for output that programs read.
type Problem string

// Every [Problem] there is.
const (
	ProblemEmpty       Problem = "empty"        // the header is there and holds nothing
	ProblemNoTimestamp Problem = "no-t"         // no part is t=…
	ProblemTimestamp   Problem = "bad-t"        // t is not unix seconds in plain digits
	ProblemConflict    Problem = "conflict"     // t came twice with different values
	ProblemNoSignature Problem = "no-v1"        // no part is v1=…
	ProblemSignature   Problem = "bad-v1"       // no v1 is 64 hex digits
	ProblemLimit       Problem = "over-a-limit" // MaxHeaderBytes, MaxLines, MaxParts or MaxSignatures
)

const (
	expectedTimestamp = "unix seconds, 1 to 12 digits without sign or leading zero"
	expectedSignature = "64 hex digits"
)

// HeaderError says what makes one line of the header unusable. It wraps [ErrMalformedHeader].
type HeaderError struct {
	Problem  Problem
	Line     int    // index of the line among those given to Verify; -1 when it is about all of them; 0 from Parse
	Part     int    // index of the comma-separated part; -1 when it is about the whole line
	Expected string // what belongs there; may be empty
	Got      string // what was there, cut to a bounded length and otherwise as it came: quote it before printing
}

func (e *HeaderError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%v: %s", ErrMalformedHeader, e.what())
	if e.Got != "" || e.Expected != "" {
		fmt.Fprintf(&text, ": got %q, expected %s", e.Got, e.Expected)
	}
	return text.String()
}

func (e *HeaderError) what() string {
	switch e.Problem {
	case ProblemEmpty:
		return "it is empty"
	case ProblemNoTimestamp:
		return "it has no t"
	case ProblemTimestamp:
		if _, ok := e.Milliseconds(); ok {
			return "t is in milliseconds"
		}
		return "t is not a time"
	case ProblemConflict:
		return "it has two different t"
	case ProblemNoSignature:
		return "it has no v1"
	case ProblemSignature:
		return "v1 is not a signature"
	case ProblemLimit:
		return "it is over a limit"
	default:
		return string(e.Problem)
	}
}

// Unwrap returns [ErrMalformedHeader].
func (e *HeaderError) Unwrap() error { return ErrMalformedHeader }

// Milliseconds returns the time that t means when it was refused for being in milliseconds, which have thirteen digits
// from 2001 to 2286. Divided by 1,000 it would have been read.
func (e *HeaderError) Milliseconds() (time.Time, bool) {
	if e.Problem != ProblemTimestamp || len(e.Got) != 13 || e.Got[0] == '0' {
		return time.Time{}, false
	}
	milliseconds, ok := digits(e.Got)
	if !ok {
		return time.Time{}, false
	}
	return time.UnixMilli(milliseconds).UTC(), true
}

func overLimit(header string) *HeaderError {
	if len(header) > MaxHeaderBytes {
		return limitError(MaxHeaderBytes, len(header), "bytes")
	}
	if n := strings.Count(header, ",") + 1; n > MaxParts {
		return limitError(MaxParts, n, "parts")
	}
	return nil
}

func limitError(limit, got int, unit string) *HeaderError {
	return &HeaderError{
		Problem: ProblemLimit, Part: -1,
		Expected: fmt.Sprintf("at most %d %s", limit, unit),
		Got:      fmt.Sprintf("%d %s", got, unit),
	}
}

const maxExcerpt = 80

// excerpt keeps evidence short: enough to see a signature of another encoding whole.
func excerpt(text string) string {
	if len(text) <= maxExcerpt {
		return text
	}
	return text[:maxExcerpt] + "…"
}

func excerptQuoted(text string) string { return strconv.Quote(excerpt(text)) }
