package event

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// DefaultMaxBody is how many bytes a body may have unless [ReaderOptions] say otherwise: 1 MiB, some thousand times an
// ordinary event, and about ten thousand claim links of a bulk job.
const DefaultMaxBody = 1 << 20

// What a [Reader] fails with beside the errors of package signature and [ErrMalformedBody]; use errors.Is.
var (
	ErrNoVerifier   = errors.New("event reader has no verifier")
	ErrBodyTooLarge = errors.New("event body is too large")
)

// A BodyTooLargeError says how large a body may be. It is an [ErrBodyTooLarge].
type BodyTooLargeError struct {
	Limit int64 // bytes
}

func (e *BodyTooLargeError) Error() string {
	return fmt.Sprintf("%v: more than %d bytes", ErrBodyTooLarge, e.Limit)
}

// Unwrap returns [ErrBodyTooLarge].
func (e *BodyTooLargeError) Unwrap() error { return ErrBodyTooLarge }

// Header gives the values of a request's header lines of one name, whatever its case. An http.Header is one.
type Header interface {
	Values(name string) []string
}

// ReaderOptions say how a [Reader] reads.
type ReaderOptions struct {
	Verifier *signature.Verifier // required; it knows the secrets and the tolerance
	MaxBody  int64               // bytes; 0 or less means DefaultMaxBody
}

// A Reader takes requests and gives events. Create it with [NewReader], once; it is safe for concurrent use.
type Reader struct {
	verifier *signature.Verifier
	maxBody  int64
}

// NewReader returns a Reader, or [ErrNoVerifier]: there is no way to read events without verifying them.
func NewReader(options ReaderOptions) (*Reader, error) {
	if options.Verifier == nil {
		return nil, ErrNoVerifier
	}
	if options.MaxBody <= 0 {
		options.MaxBody = DefaultMaxBody
	}
	return &Reader{verifier: options.Verifier, maxBody: min(options.MaxBody, math.MaxInt64-1)}, nil
}

// Received is what a request brought.
type Received struct {
	Event     Event            // zero unless the signature held and the body was an event
	Signature signature.Result // both findings, also of a request that was refused
	Body      []byte           // the bytes that were signed, for a queue or a store
}

// Read reads the body, verifies it and decodes it, in this order: nothing of a body is interpreted before its signature
// held. Received is filled as far as Read came.
//
// What to answer: 413 to [ErrBodyTooLarge]; 401 to a [*signature.VerifyError] (with errors.As); 400 to
// [ErrMalformedBody] and to an error of the body's reader, which is wrapped.
func (r *Reader) Read(header Header, body io.Reader, now time.Time) (Received, error) {
	var received Received
	var err error
	if received.Body, err = r.readBody(body); err != nil {
		return received, err
	}
	received.Signature, err = r.verifier.Verify(header.Values(signature.HeaderName), received.Body, now)
	if err != nil {
		return received, err
	}
	received.Event, err = Decode(received.Body)
	return received, err
}

// readBody keeps nothing of a body that is too large: a part of it would be taken for all of it.
func (r *Reader) readBody(from io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(from, r.maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read event body: %w", err)
	}
	if int64(len(body)) > r.maxBody {
		return nil, &BodyTooLargeError{Limit: r.maxBody}
	}
	return body, nil
}
