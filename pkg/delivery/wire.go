package delivery

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	maxInterim = 8        // 1xx answers before the final one
	maxWritten = 64 << 10 // bytes of a body that fit what a connection takes without its other side reading
	wireBuffer = 4 << 10  // bytes
)

// wire is the lane over one HTTP/1.1 connection. Writing and reading happen in the goroutine of the worker, without the
// two that net/http keeps for each connection; that is what makes it fast.
type wire struct {
	client  *Client
	dial    dialFunc
	request *http.Request // says what an answer belongs to
	message []byte        // reused
	input   quota
	reader  *bufio.Reader
	unwatch func() bool

	mu   sync.Mutex // guards conn against the end of the context
	conn net.Conn
}

// errTooLong says that the header of an answer is over its limit.
var errTooLong = fmt.Errorf("the header of the answer is longer than %d bytes", maxAnswerHeader)

// errStale says that a connection that was kept open had been closed by the other side before it was used again.
var errStale = errors.New("the connection was closed while idle")

// openWire cuts the connection off when ctx ends.
func openWire(ctx context.Context, c *Client, dial dialFunc) *wire {
	w := &wire{client: c, dial: dial, request: &http.Request{Method: http.MethodPost}}
	w.reader = bufio.NewReaderSize(&w.input, wireBuffer)
	w.unwatch = context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.conn != nil {
			_ = w.conn.Close()
		}
	})
	return w
}

func (w *wire) close() {
	w.unwatch()
	w.drop()
}

// exchange sends once more on a new connection if the one that was kept open turns out to be closed, as net/http does. It
// leaves to the transport a body so long that reading has to go on while it is written.
func (w *wire) exchange(ctx context.Context, s sealed) (int, error) {
	if len(s.body) > maxWritten {
		return shared{w.client}.exchange(ctx, s)
	}
	deadline := time.Now().Add(w.client.timeout)
	status, err := w.try(ctx, s, deadline)
	if errors.Is(err, errStale) {
		status, err = w.try(ctx, s, deadline)
	}
	return status, err
}

func (w *wire) try(ctx context.Context, s sealed, deadline time.Time) (int, error) {
	reused := w.conn != nil
	if !reused {
		if err := w.connect(ctx, deadline); err != nil {
			return 0, err
		}
	}
	w.message = w.client.head.message(w.message[:0], s)
	err := w.conn.SetDeadline(deadline)
	if err == nil {
		_, err = w.conn.Write(w.message)
	}
	// Even what could not be sent may have been answered: a receiver may refuse before it has read.
	status, keep, readErr := w.answer(reused)
	if err != nil || readErr != nil || !keep {
		w.drop()
	}
	if readErr != nil && err != nil && !errors.Is(readErr, errStale) {
		return status, err
	}
	return status, readErr
}

func (w *wire) connect(ctx context.Context, deadline time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	conn, err := w.dial(ctx, "tcp", net.JoinHostPort(w.client.endpoint.host, w.client.endpoint.port))
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	// What ends from here on finds the connection and closes it.
	if err := ctx.Err(); err != nil {
		_ = conn.Close()
		return err
	}
	w.conn = conn
	w.input = quota{from: conn}
	w.reader.Reset(&w.input)
	return nil
}

func (w *wire) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		_ = w.conn.Close()
		w.conn = nil
	}
}

// answer reads one answer; keep tells whether the connection can carry another request.
func (w *wire) answer(reused bool) (status int, keep bool, err error) {
	w.input.left = maxAnswerHeader
	if _, err := w.reader.Peek(1); err != nil {
		if reused {
			err = fmt.Errorf("%w: %w", errStale, err)
		}
		return 0, false, err
	}
	response, err := w.final()
	if err != nil {
		return 0, false, err
	}
	w.input.left = maxDrained
	n, err := io.Copy(io.Discard, io.LimitReader(response.Body, maxDrained))
	// To close is to read to the end, of which the quota leaves little.
	_ = response.Body.Close()
	whole := n < maxDrained
	if errors.Is(err, errTooLong) {
		whole, err = false, nil
	}
	keep = whole && !response.Close && response.StatusCode != http.StatusSwitchingProtocols && w.reader.Buffered() == 0
	return response.StatusCode, keep, err
}

// final skips the interim answers, which a receiver may send of its own accord (RFC 9110, section 15.2).
func (w *wire) final() (*http.Response, error) {
	for range maxInterim + 1 {
		response, err := http.ReadResponse(w.reader, w.request)
		if err != nil && w.input.err != nil {
			// The parser complains about the line that was cut short instead.
			return nil, w.input.err
		}
		if err != nil {
			return nil, err
		}
		if response.StatusCode >= 200 || response.StatusCode == http.StatusSwitchingProtocols {
			return response, nil
		}
	}
	return nil, fmt.Errorf("more than %d interim answers", maxInterim)
}

// quota reads no more than left bytes and remembers why it stopped.
type quota struct {
	from io.Reader
	left int
	err  error
}

func (q *quota) Read(p []byte) (n int, err error) {
	if q.left <= 0 {
		q.err = errTooLong
		return 0, q.err
	}
	n, q.err = q.from.Read(p[:min(len(p), q.left)])
	q.left -= n
	return n, q.err
}
