package history

import (
	"context"
	"sync"
)

// The most that waits to be written, and the most of it that goes into one transaction.
const (
	maxWaiting      = 1024
	maxWaitingBytes = 64 << 20
	maxGroup        = 256
)

// write is something to be done in a transaction. do may be called a second time, after the first was undone.
type write struct {
	size int64 // bytes, about
	do   func(context.Context, *transaction) error
	done chan error // holds one
}

// queue holds what waits for the writer, in order. It is safe for concurrent use.
type queue struct {
	mu      sync.Mutex
	filled  sync.Cond
	waiting []*write
	bytes   int64
	closed  bool
}

func newQueue() *queue {
	q := &queue{}
	q.filled.L = &q.mu
	return q
}

// put never waits. One write that is larger than all that may wait is taken when nothing else waits.
func (q *queue) put(w *write) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return ErrClosed
	case len(q.waiting) >= maxWaiting, len(q.waiting) > 0 && q.bytes+w.size > maxWaitingBytes:
		return ErrQueueFull
	}
	q.waiting = append(q.waiting, w)
	q.bytes += w.size
	q.filled.Signal()
	return nil
}

// take waits until something waits and returns as much of it as one transaction may hold; nothing once the queue is
// closed and empty.
func (q *queue) take() []*write {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == 0 && !q.closed {
		q.filled.Wait()
	}
	n := min(len(q.waiting), maxGroup)
	group := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	for _, w := range group {
		q.bytes -= w.size
	}
	return group
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Signal()
}
