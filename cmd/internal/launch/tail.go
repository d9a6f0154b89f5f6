package launch

import (
	"bytes"
	"sync"
)

// Tail keeps the end of what is written to it. It is safe for concurrent use.
type Tail struct {
	limit int

	mu   sync.Mutex
	kept []byte
	cut  bool
}

// NewTail keeps at most limit bytes.
func NewTail(limit int) *Tail { return &Tail{limit: limit} }

// Write never fails.
func (t *Tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	written := len(p)
	if len(p) > t.limit {
		p, t.cut = p[len(p)-t.limit:], true
	}
	if over := len(t.kept) + len(p) - t.limit; over > 0 {
		t.kept, t.cut = append(t.kept[:0], t.kept[over:]...), true
	}
	t.kept = append(t.kept, p...)
	return written, nil
}

// Lines gives at most n last lines without their ends, and tells whether more was written than they are. What is left of a
// line whose beginning was cut off is not given.
func (t *Tail) Lines(n int) (lines []string, more bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := bytes.TrimRight(t.kept, "\r\n")
	more = t.cut
	if t.cut {
		if _, whole, found := bytes.Cut(kept, []byte("\n")); found {
			kept = whole
		}
	}
	if len(kept) == 0 {
		return nil, more
	}
	all := bytes.Split(kept, []byte("\n"))
	if len(all) > n {
		all, more = all[len(all)-n:], true
	}
	for _, line := range all {
		lines = append(lines, string(bytes.TrimRight(line, "\r")))
	}
	return lines, more
}
