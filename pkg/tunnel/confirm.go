package tunnel

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	confirmPause   = time.Second      // between two requests; a new name takes a while to be known everywhere
	confirmRequest = 10 * time.Second // for one request
	maxProbeAnswer = 1 << 10          // bytes
)

// ConfirmError says that requests to a public URL don't arrive at this process.
type ConfirmError struct {
	URL    string
	Status int   // of the last answer, which another server gave; 0 when there was none
	Err    error // of the last request; nil when there was an answer
}

func (e *ConfirmError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s does not lead here: %v", e.URL, e.Err)
	}
	return fmt.Sprintf("%s does not lead here: another server answered %d", e.URL, e.Status)
}

// Unwrap gives the error of the last request.
func (e *ConfirmError) Unwrap() error { return e.Err }

// Confirm sends requests through the public URL until one arrives at this door, while the session is being served. It
// follows no redirects. When ctx ends before, it returns a [*ConfirmError].
func (d *Door) Confirm(ctx context.Context, transport http.RoundTripper, public string) error {
	target, err := url.Parse(public)
	if err != nil {
		return &ConfirmError{URL: public, Err: err}
	}
	target.Path, target.RawPath, target.RawQuery, target.Fragment = probePath+d.question, "", "", ""
	failed := &ConfirmError{URL: public}
	for {
		arrived, status, err := d.probe(ctx, transport, target.String())
		if arrived {
			return nil
		}
		// The end of ctx says less than what went wrong before it.
		if ctx.Err() == nil || failed.Status == 0 && failed.Err == nil {
			failed.Status, failed.Err = status, err
		}
		if sleep(ctx, confirmPause) != nil {
			return failed
		}
	}
}

func (d *Door) probe(ctx context.Context, transport http.RoundTripper, target string) (arrived bool, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, confirmRequest)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, http.NoBody)
	if err != nil {
		return false, 0, err
	}
	request.Header.Set("User-Agent", "pbhook")
	response, err := transport.RoundTrip(request)
	if err != nil {
		return false, 0, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxProbeAnswer))
	if err != nil {
		return false, 0, err
	}
	return subtle.ConstantTimeCompare(answer, []byte(d.answer)) == 1, response.StatusCode, nil
}
