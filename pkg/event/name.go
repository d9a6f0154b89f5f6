package event

import "slices"

// names remembers the names of one object. Most objects have few, and looking at each of those is quicker than a map.
type names struct {
	first [16]string
	count int
	more  map[string]struct{}
}

// add tells whether the name is new.
func (n *names) add(name string) bool {
	if slices.Contains(n.first[:n.count], name) {
		return false
	}
	if n.count < len(n.first) {
		n.first[n.count] = name
		n.count++
		return true
	}
	if _, known := n.more[name]; known {
		return false
	}
	if n.more == nil {
		n.more = map[string]struct{}{}
	}
	n.more[name] = struct{}{}
	return true
}
