package tunnel

import (
	"sync"
	"time"
)

// State is how a tunnel is.
type State string

const (
	// StateConnecting means that the tunnel is being opened.
	StateConnecting State = "connecting"
	// StateReady means that the far end has confirmed that it forwards.
	StateReady State = "ready"
	// StateReconnecting means that the tunnel was lost and is being restored; nothing arrives meanwhile.
	StateReconnecting State = "reconnecting"
	// StateDown is the last state.
	StateDown State = "down"
)

// Status is one piece of news about a tunnel.
type Status struct {
	State State
	At    time.Time
	URL   string // of StateReady
	// Attempt counts the attempts of StateReconnecting, from 1 on. It begins anew when the tunnel has held for a minute.
	Attempt int
	// Wait is how long it is until that attempt.
	Wait time.Duration
	// Err says why the tunnel is lost or down; nil when it was asked to end.
	Err error
}

// unread is how much news waits for a slow reader.
const unread = 16

// reporter hands on news and waits for nobody.
type reporter struct {
	mu     sync.Mutex
	news   chan Status
	closed bool
}

func newReporter() *reporter { return &reporter{news: make(chan Status, unread)} }

// tell drops the oldest news that nobody has read when there is too much of it.
func (r *reporter) tell(status Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !r.closed {
		select {
		case r.news <- status:
			return
		default:
		}
		select {
		case <-r.news:
		default:
		}
	}
}

func (r *reporter) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.closed {
		r.closed = true
		close(r.news)
	}
}
