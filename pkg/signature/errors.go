package signature

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// What [NewSecret], [Sign], [Parse], [NewVerifier] and [Verifier.Verify] can fail with; use errors.Is. The error types of
// this package wrap them and carry the evidence; use errors.As.
var (
	ErrEmptySecret     = errors.New("secret is empty")
	ErrTimeRange       = errors.New("time cannot be written as t")
	ErrTooManySecrets  = errors.New("too many secrets")
	ErrTolerance       = errors.New("tolerance is negative")
	ErrMissingHeader   = errors.New(HeaderName + " header is missing")
	ErrMalformedHeader = errors.New(HeaderName + " header is malformed")
	ErrNoMatch         = errors.New("no signature matches")
	ErrTooOld          = errors.New("timestamp is too old")
	ErrInFuture        = errors.New("timestamp is in the future")
	ErrStrict          = errors.New("refused by strict verification")
)

// VerifyError is why a delivery was refused. It holds every cause, not the first alone: a wrong signature and a stale
// time are both in it.
type VerifyError struct {
	// Causes is never empty. Each is [ErrMissingHeader], a [*HeaderError], a [*MatchError], a [*TimeError] or a
	// [*StrictError], in this order and each at most once.
	Causes []error
}

func (e *VerifyError) Error() string {
	texts := make([]string, len(e.Causes))
	for i, cause := range e.Causes {
		texts[i] = cause.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap gives all causes to errors.Is and errors.As.
func (e *VerifyError) Unwrap() []error { return e.Causes }

// MatchError says that no signature of the header is one of the body under any secret given. It wraps [ErrNoMatch]. It
// does not hold the signature that would have matched: an error that reached the sender would let it forge one.
type MatchError struct {
	Line       int // index of the header line
	Signatures int // how many v1 were tried
	Secrets    int // under how many secrets: 1, or 2 during a rotation
}

func (e *MatchError) Error() string {
	return fmt.Sprintf("%v: %d v1 tried under %s", ErrNoMatch, e.Signatures, e.under())
}

func (e *MatchError) under() string {
	switch e.Secrets {
	case 0:
		return "no secret"
	case 1:
		return "the secret"
	default:
		return "the current and the previous secret"
	}
}

// Unwrap returns [ErrNoMatch].
func (e *MatchError) Unwrap() error { return ErrNoMatch }

// TimeError says that t is further from now than is tolerated. It wraps [ErrTooOld] or [ErrInFuture].
type TimeError struct {
	Time      time.Time     // t
	Now       time.Time     // cut to the second
	Age       time.Duration // whole seconds from Time to Now; below zero when t is in the future
	Tolerance time.Duration
}

func (e *TimeError) Error() string {
	return fmt.Sprintf("%v: t=%d is %v %s, %v is tolerated",
		e.Unwrap(), e.Time.Unix(), e.Age.Abs(), e.direction(), e.Tolerance)
}

func (e *TimeError) direction() string {
	if e.Age < 0 {
		return "ahead"
	}
	return "old"
}

// Unwrap returns [ErrTooOld] or [ErrInFuture].
func (e *TimeError) Unwrap() error {
	if e.Age < 0 {
		return ErrInFuture
	}
	return ErrTooOld
}

// StrictError says that [Options.Strict] refuses what would otherwise have been warned of. It wraps [ErrStrict].
type StrictError struct {
	Warnings []Warning // never empty
}

func (e *StrictError) Error() string {
	texts := make([]string, len(e.Warnings))
	for i, warning := range e.Warnings {
		texts[i] = warning.String()
	}
	return fmt.Sprintf("%v: %s", ErrStrict, strings.Join(texts, "; "))
}

// Unwrap returns [ErrStrict].
func (e *StrictError) Unwrap() error { return ErrStrict }
