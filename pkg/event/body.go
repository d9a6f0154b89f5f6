package event

import (
	"errors"
	"fmt"
)

// ErrMalformedBody is what errors.Is finds in every refusal of a body that is not a well-formed event.
var ErrMalformedBody = errors.New("malformed event body")

// A BodyError says which value of a body stops it from being read as an event. It is an [ErrMalformedBody].
type BodyError struct {
	Path     string // dotted, such as "data.tokenId"; empty for the body itself
	Expected string
	Got      string
}

func (e *BodyError) Error() string { return "event body: " + e.reason() }

func (e *BodyError) reason() string {
	if e.Path == "" {
		return fmt.Sprintf("expected %s, got %s", e.Expected, e.Got)
	}
	return fmt.Sprintf("%s: expected %s, got %s", e.Path, e.Expected, e.Got)
}

// Unwrap returns [ErrMalformedBody].
func (e *BodyError) Unwrap() error { return ErrMalformedBody }

// under puts a name before the path of what went wrong inside it.
func under(name string, err error) error {
	var inner *BodyError
	if errors.As(err, &inner) {
		inner.Path = join(shorten(name), inner.Path)
	}
	return err
}
