package receiver

import (
	"crypto/sha256"
	"sync"
)

// memory remembers the newest event ids it was shown. It keeps digests, so a long id costs no more than a short one.
type memory struct {
	mu    sync.Mutex
	size  int
	seen  map[digest]struct{}
	order []digest // a ring once it is full; it may hold ids that were forgotten
	next  int
}

type digest [sha256.Size]byte

func newMemory(size int) *memory {
	return &memory{size: size, seen: map[digest]struct{}{}}
}

// repeated tells whether id was shown before, and remembers it in place of the oldest.
func (m *memory) repeated(id string) bool {
	key := digest(sha256.Sum256([]byte(id)))
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.seen[key]; known {
		return true
	}
	m.seen[key] = struct{}{}
	if len(m.order) < m.size {
		m.order = append(m.order, key)
		return false
	}
	delete(m.seen, m.order[m.next])
	m.order[m.next] = key
	m.next = (m.next + 1) % m.size
	return false
}

// forget takes back that id was shown.
func (m *memory) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.seen, sha256.Sum256([]byte(id)))
}
