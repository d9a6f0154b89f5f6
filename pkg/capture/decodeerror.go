package capture

import (
	"errors"
	"fmt"
	"strings"
)

// What a [DecodeError] may be about besides broken syntax.
var (
	// ErrEmpty is about input without a byte in it, or none but white space.
	ErrEmpty = errors.New("empty input")
	// ErrUnknownFormat is about input in none of the [Formats], for instance a bare body, which needs its signature.
	ErrUnknownFormat = errors.New("unknown format")
	// ErrBodyMissing is about a request whose body was left out when it was captured.
	ErrBodyMissing = errors.New("body missing")
	// ErrTooLarge is about a body, or the text around it, that is over its limit.
	ErrTooLarge = errors.New("too large")
	// ErrNotLiteral is about a command that only a shell could complete, by a variable or by running something.
	ErrNotLiteral = errors.New("not literal")
)

// DecodeError says where in an input a request could not be read and why.
type DecodeError struct {
	Name   string // of the input, "captures.ndjson"; empty when it has none
	Format Format // FormatAuto while it was not recognised
	Line   int    // counted from 1; 0 when it is not known
	Entry  int    // of a HAR, counted from 1; 0 in other formats
	Reason string // the sentence that begins with where: "is not JSON"
	Err    error  // one of the sentinels, an error of OpenFile, or nil
}

func (e *DecodeError) Error() string {
	var where []string
	if e.Name != "" {
		where = append(where, e.Name)
	}
	if e.Line > 0 {
		where = append(where, fmt.Sprintf("line %d", e.Line))
	}
	if e.Entry > 0 {
		where = append(where, fmt.Sprintf("entry %d", e.Entry))
	}
	if len(where) == 0 {
		where = append(where, "the input")
	}
	return strings.Join(where, ", ") + ": " + e.Reason
}

// Unwrap gives Err.
func (e *DecodeError) Unwrap() error { return e.Err }

// reject begins an error whose place the caller adds.
func reject(reason string, args ...any) *DecodeError {
	return &DecodeError{Reason: fmt.Sprintf(reason, args...)}
}

func (e *DecodeError) because(err error) *DecodeError {
	e.Err = err
	return e
}

func (e *DecodeError) atLine(line int) *DecodeError {
	e.Line = line
	return e
}

func tooLarge(what string, limit int) *DecodeError {
	return reject("%s is longer than %d bytes", what, limit).because(ErrTooLarge)
}
