package tunnel

import (
	"net"
	"sync"
)

// Queue is a listener whose connections are put into it, by one link after the other. It is for those who write a
// [Provider]. Create it with [NewQueue]; it is safe for concurrent use.
type Queue struct {
	address net.Addr
	conns   chan net.Conn
	done    chan struct{}

	mu     sync.Mutex
	closed bool
}

// NewQueue returns a queue that holds up to size connections nobody has accepted yet.
func NewQueue(address net.Addr, size int) *Queue {
	return &Queue{address: address, conns: make(chan net.Conn, size), done: make(chan struct{})}
}

// Put queues a connection, or returns false when the queue is full or closed. It never waits.
func (q *Queue) Put(conn net.Conn) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	select {
	case q.conns <- conn:
		return true
	default:
		return false
	}
}

// Accept returns the connection that has waited longest.
func (q *Queue) Accept() (net.Conn, error) {
	select {
	case conn := <-q.conns:
		return conn, nil
	case <-q.done:
		return nil, net.ErrClosed
	}
}

// Close closes the queue and the connections in it.
func (q *Queue) Close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil
	}
	q.closed = true
	close(q.done)
	for {
		select {
		case conn := <-q.conns:
			_ = conn.Close()
		default:
			return nil
		}
	}
}

// Addr is the address that the queue was made with.
func (q *Queue) Addr() net.Addr { return q.address }
