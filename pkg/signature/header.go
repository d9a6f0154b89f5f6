package signature

import (
	"strings"
	"time"
)

// What a header may hold at most; beyond it the header is refused and no signature is computed.
const (
	MaxHeaderBytes = 8 << 10 // over all lines of the header together
	MaxLines       = 16      // lines of one request
	MaxParts       = 64      // comma-separated parts of one line
	MaxSignatures  = 16      // v1 of one line
)

// Part is one name=value of a header, without the white space around either.
type Part struct {
	Name, Value string
}

// Parsed is one line of the header, read.
type Parsed struct {
	Timestamp  string       // t as it was written, which is what the signature is over; empty when it is not of that form
	Time       time.Time    // t as a time in UTC; the zero Time when Timestamp is empty
	Signatures [][Size]byte // each v1 that is 64 hex digits, in order
	Parts      []Part       // every name=value in order, known or not
	Ignored    []string     // names of parts other than t and v1, in order: schemes of a later day
	Warnings   []Warning    // each code at most once
}

// Parse reads one line of the header: comma-separated name=value, split at the first equals sign, of which t must come
// and v1 must come at least once, in any order. Names are compared exactly. Every error is a [*HeaderError], which wraps
// [ErrMalformedHeader]; what could be read is returned beside it. No signature is judged.
func Parse(header string) (Parsed, error) {
	var line line
	problem := line.read(header)
	parsed := Parsed{
		Timestamp: line.timestamp,
		Time:      line.time,
		Ignored:   line.ignored,
		Warnings:  line.warnings,
	}
	parsed.Signatures = append(parsed.Signatures, line.signatures[:line.count]...)
	if problem == nil || problem.Problem != ProblemLimit {
		parsed.Parts = parts(header)
	}
	if problem != nil {
		return parsed, problem
	}
	return parsed, nil
}

func parts(header string) []Part {
	var all []Part
	for text := range strings.SplitSeq(header, ",") {
		if name, value, ok := strings.Cut(text, "="); ok {
			all = append(all, Part{Name: trim(name), Value: trim(value)})
		}
	}
	return all
}
