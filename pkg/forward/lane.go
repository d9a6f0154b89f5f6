package forward

import (
	"context"
	"slices"
	"sync"
	"time"
)

// lane lets deliveries to one target through, a few at a time and first come, first served.
type lane struct {
	mu      sync.Mutex
	free    int
	queue   int     // how many may wait
	waiting []*turn // without the one that is held back
	held    *turn   // has let another go first and follows when one has left
}

// turn is the place of one delivery in a lane; ready is closed when it has come.
type turn struct {
	lane  *lane
	ready chan struct{}
}

func newLane(width, queue int) *lane { return &lane{free: width, queue: queue} }

// enter takes the next place, or returns nil when the lane is full.
func (l *lane) enter() *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &turn{lane: l, ready: make(chan struct{})}
	switch {
	case l.free > 0:
		l.free--
		close(t.ready)
	case len(l.waiting) < l.queue:
		l.waiting = append(l.waiting, t)
	default:
		return nil
	}
	return t
}

// wait returns when the turn has come. With an error the place is given up.
func (t *turn) wait(ctx context.Context) error {
	select {
	case <-t.ready:
		return nil
	case <-ctx.Done():
		t.giveUp()
		return ctx.Err()
	}
}

// leave lets the next one through: the one that is held back first, for another has now been before it.
func (t *turn) leave() {
	t.lane.mu.Lock()
	defer t.lane.mu.Unlock()
	if held := t.lane.held; held != nil {
		t.lane.held = nil
		close(held.ready)
		return
	}
	t.lane.next()
}

// next is called with the lock held.
func (l *lane) next() {
	if len(l.waiting) == 0 {
		l.free++
		return
	}
	close(l.waiting[0].ready)
	l.waiting = slices.Delete(l.waiting, 0, 1)
}

// letPass gives the place to another delivery and comes back behind it, or after the limit if there is none. It tells
// whether it did: only one can be held back at a time. With an error the place is given up.
func (t *turn) letPass(ctx context.Context, limit time.Duration) (held bool, err error) {
	l := t.lane
	l.mu.Lock()
	if l.held != nil {
		l.mu.Unlock()
		return false, nil
	}
	t.ready = make(chan struct{})
	l.held = t
	l.next()
	l.mu.Unlock()

	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-t.ready:
		return true, nil
	case <-timer.C:
		t.waitInFront()
		return true, t.wait(ctx)
	case <-ctx.Done():
		t.giveUp()
		return true, ctx.Err()
	}
}

// waitInFront ends the holding back: the turn is the next.
func (t *turn) waitInFront() {
	t.lane.mu.Lock()
	defer t.lane.mu.Unlock()
	if t.lane.held != t {
		return // it has been let through meanwhile
	}
	t.lane.held = nil
	if t.lane.free > 0 {
		t.lane.free--
		close(t.ready)
		return
	}
	t.lane.waiting = slices.Insert(t.lane.waiting, 0, t)
}

// giveUp takes the turn out of the lane, wherever it is.
func (t *turn) giveUp() {
	l := t.lane
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == t {
		l.held = nil
		return
	}
	if i := slices.Index(l.waiting, t); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		return
	}
	l.next() // its turn had just come
}
