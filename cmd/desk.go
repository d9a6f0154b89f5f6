package cmd

import (
	"fmt"
	"path"
	"sync"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// desk is where somebody watches requests come in. It shows them one after the other and keeps their score. A terminal that
// is gone is no reason to refuse webhooks, so what cannot be shown is let go.
type desk struct {
	view   *view.View
	show   view.Show
	unread chan struct{} // closed once the reader of stdout has gone

	mu      sync.Mutex
	score   view.Receipts
	last    view.Reception
	filter  string // pattern of the types that are shown; empty for all
	paused  bool
	asking  bool           // somebody types, and nothing may be shown between
	held    []func() error // what came meanwhile
	dropped int            // what came beyond that
	unkept  bool           // the latest request could not be kept
}

// mostHeld is how much is shown once somebody who paused goes on.
const mostHeld = 1000

func (d *desk) arrived(got view.Reception) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.present(got, func() error { return d.view.Arrived(got, d.show) })
}

func (d *desk) answered(got view.Reception) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.score.Add(got)
	d.last = got
	d.present(got, func() error { return d.view.Answered(got, d.show) })
	for _, answer := range got.Answers {
		d.view.Health(answer)
	}
}

// followed takes all answers of the servers behind; those that were not shown with the answer to the sender are shown now.
func (d *desk) followed(got view.Reception, all, rest []forward.Answer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(got.Answers) == 0 && !got.Postponed() {
		d.score.AddLate(all)
	}
	if d.last.RecordID == got.RecordID {
		d.last.Answers = all
	}
	if len(rest) > 0 {
		d.present(got, func() error { return d.view.Followed(got, rest, d.show) })
	}
	for _, answer := range rest {
		d.view.Health(answer)
	}
}

// present shows what somebody wants to see, now or when they go on. It is called with the lock held.
func (d *desk) present(got view.Reception, show func() error) {
	if got.Filtered || !d.wants(string(got.Event.Type)) {
		return
	}
	switch {
	case !d.paused && !d.asking:
		d.print(show)
	case len(d.held) < mostHeld:
		d.held = append(d.held, show)
	default:
		d.dropped++
	}
}

// print notices that nobody reads any more. It is called with the lock held.
func (d *desk) print(show func() error) {
	if !isUnread(show()) {
		return
	}
	select {
	case <-d.unread:
	default:
		close(d.unread)
	}
}

func (d *desk) wants(eventType string) bool {
	if d.filter == "" {
		return true
	}
	matched, err := path.Match(d.filter, eventType)
	return matched && err == nil
}

// kept says once that the history has come to fail, and once that it is back.
func (d *desk) kept(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	failed := err != nil
	if failed == d.unkept {
		return
	}
	d.unkept = failed
	if !failed {
		d.view.Note("events are kept again")
		return
	}
	text := fmt.Sprintf("%v; events that cannot be kept are answered with 503", err)
	if isGone(err) {
		text += ". It is tried again with each event: move away what is in its place, or restart the listener with another --history"
	}
	d.view.Warning(text)
}

func (d *desk) summary() view.Receipts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.score
}

// pause holds back what comes in, or shows what was held back and goes on.
func (d *desk) pause() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.paused = !d.paused; d.paused {
		d.view.Note("paused: webhooks are received and kept, but not shown; p goes on")
		return
	}
	d.release()
	d.view.Note("goes on")
}

// release shows what was held back. It is called with the lock held.
func (d *desk) release() {
	for _, show := range d.held {
		d.print(show)
	}
	if d.dropped > 0 {
		d.view.Note("%d more lines were not held back; pbhook history list has all of them", d.dropped)
	}
	d.held, d.dropped = nil, 0
}

// ask holds everything back while somebody is asked.
func (d *desk) ask(question func()) {
	d.mu.Lock()
	d.asking = true
	d.mu.Unlock()
	question()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.asking = false; !d.paused {
		d.release()
	}
}

// narrow shows events of the types that the pattern takes, all of them if it is empty.
func (d *desk) narrow(pattern string) {
	if _, err := path.Match(pattern, ""); err != nil {
		d.view.Note("this is no pattern; try certificate.*")
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.filter = pattern
	if pattern == "" {
		d.view.Note("all events are shown")
		return
	}
	d.view.Note("events of the types %s are shown; the others are received all the same", pattern)
}

// latest is when the newest request arrived; zero before the first.
func (d *desk) latest() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last.Request.Time
}

// newest is the request that was answered last; ok is false before the first.
func (d *desk) newest() (got view.Reception, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last, !d.last.Request.Time.IsZero()
}
