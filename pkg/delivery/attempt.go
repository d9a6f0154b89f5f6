package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

const (
	maxKept    = 64 << 10 // bytes of an answer's body that an Attempt keeps
	maxDrained = 1 << 20  // bytes that are read at all, so that the connection can be used again
)

// Attempt is one signed POST and what came of it.
type Attempt struct {
	Number  int             // counts from 1
	Request capture.Request // as it was sent
	// Started is the wall time; Duration runs from there to the last byte of the answer that was read.
	Started  time.Time
	Duration time.Duration

	Status int // 0 when no answer came
	Header http.Header
	// Body is what the endpoint answered, at most its first 64 KiB; BodyTruncated tells whether there was more.
	Body          []byte
	BodyTruncated bool

	// Err is nil after a whole 2xx answer and otherwise a [*StatusError], a [*RedirectError], an [*UnreachableError], the
	// error of a context that ended first, or the one of signature.Sign.
	Err error
	// Next says when the next attempt follows; nil when none does.
	Next *Wait
}

// OK reports whether the endpoint took the event.
func (a Attempt) OK() bool { return a.Err == nil }

// Slow reports whether the endpoint took longer to answer than the guide allows, [SlowAfter].
func (a Attempt) Slow() bool { return a.Status != 0 && a.Duration > SlowAfter }

// Attempt signs the message and sends it once. The number is that of the attempt, from 1, and is only reported. It ends
// no later than ctx or the timeout.
func (c *Client) Attempt(ctx context.Context, m Message, number int) Attempt {
	return c.attempt(ctx, m, number, nil)
}

func (c *Client) attempt(ctx context.Context, m Message, number int, sending func(Attempt)) Attempt {
	attempt := Attempt{Number: number, Started: c.now()}
	sealed, err := c.seal.seal(m.Body, attempt.Started)
	if err != nil {
		attempt.Err = err
		return attempt
	}
	attempt.Request = c.captured(sealed, attempt.Started)
	if sending != nil {
		sending(attempt)
	}

	begun := time.Now()
	answer, err := c.exchange(ctx, sealed, maxKept)
	attempt.Duration = time.Since(begun)
	attempt.Status, attempt.Header = answer.status, answer.header
	attempt.Body, attempt.BodyTruncated = answer.body, answer.truncated
	if answer.proto != "" {
		attempt.Request.Proto = answer.proto
	}
	if err != nil {
		attempt.Err = c.failure(ctx, err, attempt.Duration)
	} else {
		attempt.Err = c.verdict(answer)
	}
	return attempt
}

// answer is what came back; its zero value stands for nothing.
type answer struct {
	status    int
	proto     string
	header    http.Header
	body      []byte
	truncated bool
}

// exchange sends one request and reads its answer, keeping at most keep bytes of the body. It goes to the transport
// itself, for an http.Client would follow redirects. An error after the status was read comes with what there is.
func (c *Client) exchange(ctx context.Context, s sealed, keep int64) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint.String(), bytes.NewReader(s.body))
	if err != nil {
		return answer{}, err
	}
	c.head.apply(request, s)
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	got := answer{status: response.StatusCode, proto: response.Proto, header: response.Header}
	got.body, got.truncated, err = readBounded(response.Body, keep)
	return got, err
}

func readBounded(body io.Reader, keep int64) (kept []byte, truncated bool, err error) {
	if keep > 0 {
		kept, err = io.ReadAll(io.LimitReader(body, keep))
		if err != nil {
			return kept, true, err
		}
	}
	dropped, err := io.CopyN(io.Discard, body, maxDrained-keep)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return kept, dropped > 0, err
}

// failure is the error of an attempt that got no whole answer.
func (c *Client) failure(ctx context.Context, err error, after time.Duration) error {
	if ctx.Err() != nil {
		return fmt.Errorf("attempt interrupted: %w", ctx.Err())
	}
	return Unreachable(c.endpoint.url, err, after)
}

// verdict is the error that an answer means, nil for 2xx.
func (c *Client) verdict(a answer) error {
	if a.status >= 200 && a.status < 300 {
		return nil
	}
	refused := &StatusError{Endpoint: c.endpoint.String(), Status: a.status, Body: a.body}
	if a.status >= 300 && a.status < 400 {
		return &RedirectError{StatusError: refused, Location: a.header.Get("Location")}
	}
	return refused
}
