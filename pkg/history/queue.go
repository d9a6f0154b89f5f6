package history

import (
	"context"
	"slices"
	"sync"
	"time"
)

// The most that waits to be written, and the most of it that goes into one transaction.
const (
	maxWaiting      = 1024
	maxWaitingBytes = 64 << 20
	maxGroup        = 256
)

// company is how long at most a write waits for others to share its sync.
const company = time.Millisecond

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
	taken   int // how many the writer took last
	crowd   int // how many come and wait in turn
	enough  int // how many have to wait before the writer takes them
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
	if q.ready() {
		q.filled.Signal()
	}
	return nil
}

// take waits until something waits and returns as much of it as one transaction may hold; nothing once the queue is
// closed and empty.
func (q *queue) take() []*write {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.gather()
	n := min(len(q.waiting), maxGroup)
	q.taken = n
	group := slices.Clone(q.waiting[:n])
	q.waiting = slices.Delete(q.waiting, 0, n)
	for _, w := range group {
		q.bytes -= w.size
	}
	return group
}

// gather waits until enough wait. Those who were just answered will come again while those who wait are written: of all
// these two fifths are enough to keep the disk and the senders busy at once. Without it the writer would sync for the first
// who comes, and all others would wait for that. One who is alone never waits for company.
func (q *queue) gather() {
	q.crowd = max(q.crowd, q.taken+len(q.waiting))
	q.enough = min(max(1, q.crowd*2/5), maxGroup)
	if q.enough > 1 && !q.ready() {
		defer time.AfterFunc(company, q.hurry).Stop()
	}
	for !q.ready() && !q.closed {
		q.filled.Wait()
	}
}

// ready tells that enough wait, or so many bytes that others would soon be refused.
func (q *queue) ready() bool { return len(q.waiting) >= q.enough || q.bytes >= maxWaitingBytes/2 }

func (q *queue) hurry() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.enough = 1
	q.crowd /= 2
	q.filled.Signal()
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Signal()
}
