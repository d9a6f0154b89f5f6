package cmd

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/pkg/event"
)

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
