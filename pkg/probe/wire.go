package probe

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

const (
	maxKept    = 4 << 10 // bytes of an answer that are kept
	maxDrained = 1 << 20 // bytes of an answer that are read at all

	chunk        = 64 // bytes
	slowPieces   = 10
	slowInterval = 100 * time.Millisecond
)

// Exchange is one request and what came back.
type Exchange struct {
	Request capture.Request // as it was sent
	Started time.Time
	// Duration runs from the start, connecting included, to the last byte of the answer that was read.
	Duration time.Duration
	Status   int // 0 when no answer came
	Header   http.Header
	Body     []byte // at most 4 KiB; BodyTruncated tells whether there was more
	// BodyTruncated tells that Body is not all of the answer.
	BodyTruncated bool
	// Err is a [*delivery.UnreachableError] when no whole answer came, and the error of the context when that ended first.
	Err error
}

// wire sends requests to one endpoint, each on a connection of its own, so that no case can spoil the next.
type wire struct {
	url       *url.URL
	timeout   time.Duration
	transport http.RoundTripper
}

// newWire speaks HTTP/1.1 alone, in which chunks, 100 Continue and the case of names mean something.
func newWire(target *url.URL, timeout time.Duration, transport http.RoundTripper) *wire {
	if tuned, ok := transport.(*http.Transport); ok {
		plain := tuned.Clone()
		plain.ForceAttemptHTTP2 = false
		plain.Protocols = new(http.Protocols)
		plain.Protocols.SetHTTP1(true)
		plain.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
		if plain.TLSClientConfig == nil {
			plain.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		// A transport that was ready for HTTP/2 offers it, whatever its clone is told.
		plain.TLSClientConfig.NextProtos = []string{"http/1.1"}
		transport = plain
	}
	return &wire{url: target, timeout: timeout, transport: transport}
}

// connection is a transport for one exchange, and what closes it. It asks the endpoint for nothing: with "Connection: close" a
// server may end the connection while a large body is still on its way, and its answer be lost.
func (w *wire) connection() (http.RoundTripper, func()) {
	tuned, ok := w.transport.(*http.Transport)
	if !ok {
		return w.transport, func() {}
	}
	own := tuned.Clone()
	return own, own.CloseIdleConnections
}

func (w *wire) exchange(ctx context.Context, d draft, trace *httptrace.ClientTrace) Exchange {
	result := Exchange{Request: d.request, Started: d.request.Time}
	timed, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	if trace != nil {
		timed = httptrace.WithClientTrace(timed, trace)
	}
	begun := time.Now()
	err := w.roundTrip(timed, d, &result)
	result.Duration = time.Since(begun)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		result.Err = fmt.Errorf("check interrupted: %w", ctx.Err())
	default:
		result.Err = delivery.Unreachable(w.url, err, result.Duration)
	}
	return result
}

func (w *wire) roundTrip(ctx context.Context, d draft, result *Exchange) error {
	request, err := newRequest(ctx, d)
	if err != nil {
		return err
	}
	transport, leave := w.connection()
	defer leave()
	// Straight to the transport, for an http.Client would follow redirects.
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	result.Status, result.Header = response.StatusCode, response.Header
	result.Request.Proto = response.Proto
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil // what follows is no answer
	}
	result.Body, err = io.ReadAll(io.LimitReader(response.Body, maxKept))
	if err != nil {
		result.BodyTruncated = true
		return err
	}
	more, err := io.CopyN(io.Discard, response.Body, maxDrained-maxKept)
	result.BodyTruncated = more > 0
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return err
}

func newRequest(ctx context.Context, d draft) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, d.request.Method, d.request.URL, bodyOf(ctx, d))
	if err != nil {
		return nil, err
	}
	request.ContentLength = int64(len(d.request.Body))
	if d.framing == frameChunked {
		request.ContentLength = -1
	}
	for _, field := range d.request.Header {
		switch {
		case strings.EqualFold(field.Name, "Host"):
			request.Host = field.Value
		case strings.EqualFold(field.Name, "Content-Length"), strings.EqualFold(field.Name, "Transfer-Encoding"):
			// net/http writes these itself.
		default:
			// Not by Header.Add, which would put the name into its canonical case.
			request.Header[field.Name] = append(request.Header[field.Name], field.Value)
		}
	}
	if request.Header["User-Agent"] == nil {
		request.Header["User-Agent"] = []string{""}
	}
	return request, nil
}

func bodyOf(ctx context.Context, d draft) io.Reader {
	body := d.request.Body
	switch {
	case len(body) == 0:
		return http.NoBody
	case d.framing == frameChunked:
		return &pieces{rest: body, size: chunk}
	case d.framing == frameSlow:
		size := (len(body) + slowPieces - 1) / slowPieces
		return &pieces{ctx: ctx, rest: body, size: size, left: size, wait: slowInterval}
	default:
		return bytes.NewReader(body)
	}
}

// pieces gives a body bit by bit, with a wait before each piece but the first.
type pieces struct {
	ctx  context.Context
	rest []byte
	size int
	left int // of the piece that is being read
	wait time.Duration
}

func (p *pieces) Read(to []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	if p.left == 0 {
		p.left = p.size
		if p.wait > 0 {
			if err := sleep(p.ctx, p.wait); err != nil {
				return 0, err
			}
		}
	}
	n := copy(to, p.rest[:min(p.left, len(p.rest))])
	p.rest, p.left = p.rest[n:], p.left-n
	return n, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
