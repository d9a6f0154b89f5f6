package forward

import (
	"net/url"
	"sync"
)

// Health says whether a target can be reached. It changes with deliveries that got an answer from the target or could not
// reach it, and with no others; a target is taken to be up at first.
type Health struct {
	Down bool
	// Changed tells that this delivery is the first after which Down is as it is: worth a line, where the others are not.
	Changed bool
	// Missed is how many deliveries in a row did not reach the target, this one included while it is down.
	Missed int
}

// target is a server that events are handed on to.
type target struct {
	url  *url.URL
	lane *lane

	mu     sync.Mutex
	missed int
}

func (t *target) String() string { return t.url.String() }

func (t *target) health() Health {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Health{Down: t.missed > 0, Missed: t.missed}
}

// note takes one more delivery into account.
func (t *target) note(reached bool) Health {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.missed
	if reached {
		t.missed = 0
		return Health{Changed: before > 0, Missed: before}
	}
	t.missed++
	return Health{Down: true, Changed: before == 0, Missed: t.missed}
}
