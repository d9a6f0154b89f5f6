package tunnel

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Link is one connection to the far end of a tunnel; a session makes another one when it is lost. Its methods are called
// from several goroutines.
type Link interface {
	// URL is where the far end takes requests. It may change while the link holds.
	URL() string
	// Ping asks the far end for a sign of life. It is called every 15 s and given up after 10 s, upon which the link is
	// closed; it must return then.
	Ping(ctx context.Context) error
	// Wait returns once the link is lost or closed, and says why it was lost.
	Wait() error
	// Close ends the link. It must not wait for a far end that may be dead.
	Close() error
}

// Connect makes a link and returns once the far end has confirmed that it forwards. An error with a method
// Permanent() bool that returns true ends the session; after any other one it is tried again.
type Connect func(ctx context.Context) (Link, error)

// ErrInterrupted is what a Ping wraps when the far end is out of reach and the link is restoring itself. It is left alone
// for a minute.
var ErrInterrupted = errors.New("out of reach")

var (
	errNoAnswer  = fmt.Errorf("no sign of life within %v", pingTimeout)
	errLinkEnded = errors.New("the far end closed the connection")
)

// ErrServed says that Serve was called a second time, or after Close.
var ErrServed = errors.New("the tunnel is served already, or closed")

// OptionError says which option of a provider cannot be taken and why.
type OptionError struct {
	Option string // "destination", "host key", …
	Value  string // without a password
	Reason string // "has no host", …
}

func (e *OptionError) Error() string { return fmt.Sprintf("%s %q %s", e.Option, e.Value, e.Reason) }

// Permanent is true.
func (e *OptionError) Permanent() bool { return true }

// LostError says that a tunnel could not be restored.
type LostError struct {
	Attempts int
	After    time.Duration
	Err      error // of the last attempt
}

func (e *LostError) Error() string {
	return fmt.Sprintf("the tunnel was lost and could not be restored within %v: %v", e.After.Round(time.Second), e.Err)
}

// Unwrap gives the error of the last attempt.
func (e *LostError) Unwrap() error { return e.Err }

// isPermanent tells whether trying again is of no use.
func isPermanent(err error) bool {
	verdict, ok := errors.AsType[interface {
		error
		Permanent() bool
	}](err)
	return ok && verdict.Permanent()
}
