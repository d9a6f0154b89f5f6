package probe

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// counting counts effects, each some time after the answer, and gives the number at /effects.
type counting struct {
	*rules
	once   bool
	all    bool // counts every event, not those of idem alone
	later  time.Duration
	answer string // in place of the number

	mu    sync.Mutex
	seen  map[string]bool
	count int
}

func (c *counting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/effects" {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.answer != "" {
			fmt.Fprint(w, c.answer)
			return
		}
		fmt.Fprintf(w, " %d\n", c.count)
		return
	}
	c.rules.ServeHTTP(w, r)
}

func (c *counting) handle(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.all && !strings.Contains(id, "idem") || c.once && c.seen[id] {
		return
	}
	later := c.later
	if c.seen[id] {
		later += 500 * time.Millisecond
	}
	c.seen[id] = true
	time.AfterFunc(later, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.count++
	})
}

func TestEffectsAreCounted(t *testing.T) {
	for name, test := range map[string]struct {
		once    bool
		all     bool
		later   time.Duration
		answer  string
		verdict Verdict
		says    string
	}{
		"once, a second later":                {once: true, later: time.Second, verdict: Passed, says: "each took effect once"},
		"once, after effects of other events": {once: true, all: true, later: time.Second / 2, verdict: Passed, says: "each took effect once"},
		"every time":                          {verdict: Failed, says: "delivered twice took effect 2 times, one that was delivered 10 times at once 10 times"},
		"never":                               {once: true, later: time.Hour, verdict: Inconclusive, says: "is that number a counter of handled events?"},
		"no number":                           {answer: "many", verdict: Inconclusive, says: "answered no number"},
		"a flood":                             {answer: strings.Repeat("1", 1<<20), verdict: Inconclusive, says: "answered no number"},
	} {
		t.Run(name, func(t *testing.T) {
			receiver := &counting{rules: &rules{}, once: test.once, all: test.all, later: test.later, answer: test.answer, seen: map[string]bool{}}
			receiver.rules.handle = receiver.handle
			report := check(t, receiver, func(o *Options, _ *pipes) {
				o.Select, o.ProbeURL = []string{"idem.*"}, "http://localhost:1/effects"
			})
			got := report.Results[0]
			if text := got.Reason + got.Note; got.Verdict != test.verdict || !strings.Contains(text, test.says) {
				t.Errorf("%s: %s", got.Verdict, text)
			}
			if got.Verdict == Failed && got.Fault != FaultHandledMore {
				t.Errorf("fault %s", got.Fault)
			}
		})
	}
}
