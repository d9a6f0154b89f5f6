package ssh

import (
	"sync"
	"time"
)

// deadline is a moment that can be put off, and waited for meanwhile.
type deadline struct {
	mu     sync.Mutex
	timer  *time.Timer
	set    int           // counts, so that a timer that was too late to stop does nothing
	passed chan struct{} // closed when it has passed
}

func newDeadline() *deadline { return &deadline{passed: make(chan struct{})} }

// put sets the moment; zero is never. One that has passed can be put off again.
func (d *deadline) put(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	d.set++
	if isClosed(d.passed) {
		d.passed = make(chan struct{})
	}
	if at.IsZero() {
		return
	}
	wait := time.Until(at)
	if wait <= 0 {
		close(d.passed)
		return
	}
	set := d.set
	d.timer = time.AfterFunc(wait, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if set == d.set {
			close(d.passed)
		}
	})
}

// wait returns what is closed when the moment has passed.
func (d *deadline) wait() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.passed
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
