package capture

import "fmt"

// EncodeError says which part of a request cannot be written in a format without changing it.
type EncodeError struct {
	Part   string // "method", "url", "header name" or "header value"
	Text   string // the part as it is
	Reason string // "holds a line break", …
}

func (e *EncodeError) Error() string {
	return fmt.Sprintf("%s %q cannot be written: it %s", e.Part, e.Text, e.Reason)
}
