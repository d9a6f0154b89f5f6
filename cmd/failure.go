package cmd

import (
	"errors"
	"fmt"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

var errNothingSigned = errors.New("no request in the input has an X-Webhook-Signature")

// noRequestError says that there was nothing to judge in the input.
type noRequestError struct {
	skipped int // records of another kind
}

func (e *noRequestError) Error() string {
	if e.skipped == 0 {
		return "there is no request in the input"
	}
	return fmt.Sprintf("there is no request among the records of the input: %d of another kind", e.skipped)
}

// noArrivalError says that a request cannot be judged as of its arrival.
type noArrivalError struct {
	input  string
	number int // of the request in it
}

func (e *noArrivalError) Error() string {
	return fmt.Sprintf("%s:%d: the capture does not say when the request arrived", e.input, e.number)
}

// checkError says that what was to be checked does not hold; what exactly has been shown already.
type checkError struct{ message string }

func (e *checkError) Error() string { return e.message }

// existsError says that a file was not written because there is one.
type existsError struct{ path string }

func (e *existsError) Error() string {
	return e.path + " is there already; nothing was written"
}

// noSchemaError says that an event type has a sample but no schema.
type noSchemaError struct{ event event.Type }

func (e *noSchemaError) Error() string { return fmt.Sprintf("there is no schema for %s", e.event) }

// refusedError says that captured deliveries were refused; each has been shown with its reason.
type refusedError struct {
	score  view.Verdicts
	source string // of the secret
}

func (e *refusedError) Error() string {
	if e.score.Total() == 1 {
		return "the delivery is refused"
	}
	return fmt.Sprintf("%d of %d deliveries are refused", e.score.Invalid+e.score.OutsideTime, e.score.Total())
}

// shownError is an error that has been reported as it came up; it only decides the exit code.
type shownError struct{ err error }

func (e *shownError) Error() string { return e.err.Error() }
func (e *shownError) Unwrap() error { return e.err }
