package delivery

import (
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// DefaultTimeout bounds one attempt when [Options.Timeout] is zero. The guide wants an
// answer within 30 s (Pocketbook webhook guide, section Getting Started).
const DefaultTimeout = 30 * time.Second

// SlowAfter is how long an endpoint may take to answer before it counts as slow (Pocketbook webhook guide, section
// "Troubleshooting", Timeouts).
const SlowAfter = 5 * time.Second

// Options say where a [Client] delivers and how. Endpoint and Secret are needed, the rest has a use as its zero value.
type Options struct {
	// Endpoint is an http or https URL without user name and password. Its fragment is never sent.
	Endpoint string
	// Header lines are added; a name that would be sent anyway is replaced. Lines that share a name are all sent.
	// The lines that frame the body cannot be set.
	Header []capture.Field
	// UserAgent is "pbhook" when empty.
	UserAgent string

	// Secret signs. Previous, if it is not zero, adds a second v1 as during a rotation.
	Secret, Previous signature.Secret

	// Timeout bounds a whole attempt, from looking the host up to the last byte of the answer; 0 is [DefaultTimeout].
	Timeout time.Duration
	// Transport carries the requests; nil is NewTransport(TransportOptions{}).
	Transport http.RoundTripper

	// Age moves t into the past, or below zero into the future, as a delivery that was held up or replayed has it.
	Age time.Duration
	// Tamper spoils each delivery in one way.
	Tamper Tamper
	// Unsigned leaves the signature header out.
	Unsigned bool

	// Now gives the time that is signed; nil is time.Now. Durations are measured by the monotonic clock.
	Now func() time.Time
}

// OptionError says which option cannot be used and why.
type OptionError struct {
	Option string // "timeout", "header", "schedule", "concurrency", …
	Value  string // as given; of a header its name alone, for its value may be a credential
	Reason string // "is negative", …
}

func (e *OptionError) Error() string { return fmt.Sprintf("%s %q %s", e.Option, e.Value, e.Reason) }
