package view

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// RequestFormat is a way to write a request down.
type RequestFormat string

// The formats.
const (
	FormatCurl   RequestFormat = "curl"   // a command for a POSIX shell
	FormatHTTP   RequestFormat = "http"   // the HTTP/1.1 message
	FormatJSON   RequestFormat = "json"   // one line of JSON
	FormatHeader RequestFormat = "header" // the value of the signature header alone
)

// FormatError says that a format is none.
type FormatError struct {
	Name  string
	Known []string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("there is no format %q", e.Name)
}

// ParseRequestFormat reads the name of a format, or returns a [*FormatError].
func ParseRequestFormat(name string) (RequestFormat, error) {
	known := RequestFormats()
	if !slices.Contains(known, name) {
		return "", &FormatError{Name: name, Known: known}
	}
	return RequestFormat(name), nil
}

// RequestFormats are the names of all formats.
func RequestFormats() []string {
	return []string{string(FormatCurl), string(FormatHTTP), string(FormatJSON), string(FormatHeader)}
}

// Request writes a request byte for byte, to be pasted, piped or kept; -o json goes before the format. HTTP messages that
// follow the first are set off by line breaks, which readers skip (RFC 9112, section 2.2), and on a terminal each ends in one.
func (v *View) Request(r capture.Request, format RequestFormat, first bool) error {
	if v.JSON {
		format = FormatJSON
	}
	switch format {
	case FormatCurl:
		return capture.WriteCurl(v.Exact(), r)
	case FormatHeader:
		_, err := fmt.Fprintln(v.Out, strings.Join(r.Values(signature.HeaderName), "\n"))
		return err
	case FormatJSON:
		return capture.WriteNDJSON(v.Exact(), r)
	default:
		return v.message(r, first)
	}
}

func (v *View) message(r capture.Request, first bool) error {
	if !first {
		fmt.Fprint(v.Exact(), "\r\n\r\n")
	}
	if err := capture.WriteHTTP(v.Exact(), r); err != nil || !v.Out.IsTTY() {
		return err
	}
	_, err := fmt.Fprintln(v.Out)
	return err
}
