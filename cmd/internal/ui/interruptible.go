package ui

import (
	"context"
	"io"
)

// Interruptible gives a reader whose waits end with ctx, and then with its error; a read of a terminal or a pipe has no end of
// its own. The one read that is under way stays pending until the process ends. It is for one goroutine.
func Interruptible(ctx context.Context, from io.Reader) io.Reader {
	return &interruptible{ctx: ctx, from: from}
}

type interruptible struct {
	ctx  context.Context
	from io.Reader

	pending chan chunk
	rest    []byte
	err     error
}

type chunk struct {
	bytes []byte
	err   error
}

func (r *interruptible) Read(p []byte) (int, error) {
	if len(r.rest) > 0 {
		n := copy(p, r.rest)
		r.rest = r.rest[n:]
		return n, nil
	}
	if r.err != nil {
		return 0, r.err
	}
	if r.pending == nil {
		r.pending = make(chan chunk, 1)
		go r.fetch(r.pending)
	}
	select {
	case got := <-r.pending:
		r.pending, r.rest, r.err = nil, got.bytes, got.err
		return r.Read(p)
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}

const chunkSize = 64 << 10

func (r *interruptible) fetch(into chan<- chunk) {
	buffer := make([]byte, chunkSize)
	n, err := r.from.Read(buffer)
	into <- chunk{buffer[:n], err}
}
