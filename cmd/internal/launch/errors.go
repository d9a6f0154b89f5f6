package launch

import (
	"errors"
	"fmt"
	"time"
)

// ErrKilled says that an app did not end when it was asked to and was killed.
var ErrKilled = errors.New("the app did not end in time and was killed")

// TakenError says that something answered at the target before the app was started, so that a stranger would be talked to.
type TakenError struct{ Target Target }

func (e *TakenError) Error() string {
	return fmt.Sprintf("something else answers at %s already; the app was not started", e.Target)
}

// ExitedError says that the app has ended.
type ExitedError struct {
	Target Target // what it was to take connections at; zero if it did
	State  string // such as "exit status 1"
}

func (e *ExitedError) Error() string {
	if e.Target.IsZero() {
		return fmt.Sprintf("the app ended (%s)", e.State)
	}
	return fmt.Sprintf("the app ended (%s) before it took connections at %s", e.State, e.Target)
}

// NotReadyError says that the app ran, but the target did not answer as it should.
type NotReadyError struct {
	Target Target
	Wait   time.Duration
	Last   error // what the last look at the target found
}

func (e *NotReadyError) Error() string {
	return fmt.Sprintf("the app did not take connections at %s within %s: %v", e.Target, e.Wait, e.Last)
}

// Unwrap returns what the last look found.
func (e *NotReadyError) Unwrap() error { return e.Last }

// TargetError is a text that names no target.
type TargetError struct{ Text, Reason string }

func (e *TargetError) Error() string { return fmt.Sprintf("cannot wait for %q: %s", e.Text, e.Reason) }
