package forensics

import "strings"

// maxChanges is how many differences between signed and received are searched for at once.
const maxChanges = 2

// combination is everything a signature depends on but the body.
type combination struct {
	key    key
	clock  clock
	layout layout
}

func (c combination) changes() []Change {
	all := append([]Change(nil), c.key.changes...)
	all = append(all, c.clock.changes...)
	return append(all, c.layout.changes...)
}

// combine lists the combinations for a target by how many changes they take.
func combine(keys []key, t string) [maxChanges + 1][]combination {
	var all [maxChanges + 1][]combination
	for _, key := range keys {
		for _, clock := range clocks(t) {
			for _, layout := range layouts() {
				c := combination{key, clock, layout}
				cost := len(key.changes) + len(clock.changes) + len(layout.changes)
				if cost <= maxChanges && c.sensible(cost) {
					all[cost] = append(all[cost], c)
				}
			}
		}
	}
	return all
}

// sensible leaves out what says the same as another combination, or nothing.
func (c combination) sensible(cost int) bool {
	switch {
	case !c.layout.timed():
		// Without t in the message every clock gives the same.
		return len(c.clock.changes) == 0 || c.clock.text == ""
	case c.clock.text == "":
		return false
	case c.clock.alone && cost > 1:
		return false
	}
	return c.layout.keyed != keyedByNothing || strings.ContainsRune(c.layout.message, 'S') || len(c.key.changes) == 0
}
