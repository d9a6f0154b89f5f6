package delivery

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// StatusError says that the endpoint answered, but not with 2xx.
type StatusError struct {
	Endpoint string
	Status   int
	Body     []byte // at most the first 64 KiB
}

func (e *StatusError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s answered %d %s", e.Endpoint, e.Status, http.StatusText(e.Status)))
}

// WantsTLS tells whether a server that speaks TLS answered to a request without it. The words are those of net/http, nginx,
// Apache and Tomcat.
func (e *StatusError) WantsTLS() bool {
	if e.Status != http.StatusBadRequest {
		return false
	}
	for _, words := range []string{
		"Client sent an HTTP request to an HTTPS server", "plain HTTP request was sent to HTTPS port",
		"speaking plain HTTP to an SSL-enabled server port", "combination of host and port requires TLS",
	} {
		if bytes.Contains(e.Body, []byte(words)) {
			return true
		}
	}
	return false
}

// RedirectError says that the endpoint answered 3xx. A redirect is never followed, for it would carry body and signature
// to another place. It wraps its [*StatusError].
type RedirectError struct {
	*StatusError

	Location string // as answered; empty when there was none
}

func (e *RedirectError) Error() string {
	if e.Location == "" {
		return e.StatusError.Error()
	}
	return fmt.Sprintf("%s and points to %s", e.StatusError.Error(), e.Location)
}

// Unwrap returns the [*StatusError].
func (e *RedirectError) Unwrap() error { return e.StatusError }
