package ssh

import (
	"sync"
	"time"
)

// deadline is a moment that can be put off, and waited for meanwhile. An HTTP server puts it off several times for each
// request, so the timer is left to run and looks again when it is early.
type deadline struct {
	mu     sync.Mutex
	at     time.Time // zero is never
	timer  *time.Timer
	due    time.Time     // when the timer fires; zero when it doesn't
	passed chan struct{} // closed when it has passed
}

func newDeadline() *deadline { return &deadline{passed: make(chan struct{})} }

// put sets the moment; zero is never. One that has passed can be put off again.
func (d *deadline) put(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if isClosed(d.passed) {
		d.passed = make(chan struct{})
	}
	d.at = at
	d.look()
}

// look ends the wait if the moment has passed, and sees to it that it is called again when it does.
func (d *deadline) look() {
	if d.at.IsZero() {
		return
	}
	left := time.Until(d.at)
	switch {
	case left <= 0:
		close(d.passed)
	case !d.due.IsZero() && !d.due.After(d.at): // the timer fires before, and looks then
	case d.timer == nil:
		d.due, d.timer = d.at, time.AfterFunc(left, d.fire)
	default:
		d.due = d.at
		d.timer.Reset(left)
	}
}

func (d *deadline) fire() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.due = time.Time{}
	if !isClosed(d.passed) {
		d.look()
	}
}

// stop lets go of the timer.
func (d *deadline) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at, d.due = time.Time{}, time.Time{}
	if d.timer != nil {
		d.timer.Stop()
	}
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
