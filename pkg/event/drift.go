package event

import (
	"maps"
	"slices"
)

const maxUnknown = 50

// Unknown lists what a body has and the schema of t does not document, sorted, array items as "#": "data.foo". That is
// no violation, but news: Pocketbook may have added a field. Members of free-form objects are never news. At most 50
// paths are listed, and none of a body that is not JSON within bounds, of which [Schemas.Validate] tells.
func (s *Schemas) Unknown(t Type, body []byte) []string {
	root, err := parse(body)
	if err != nil {
		return nil
	}
	found := map[string]bool{}
	s.of(t).outline.strangers(root, "", found)
	return slices.Sorted(maps.Keys(found))
}

func (n *node) strangers(v *value, path string, found map[string]bool) {
	for i := range v.items {
		if n.items != nil {
			n.items.strangers(&v.items[i], join(path, "#"), found)
		}
	}
	for i := range v.members {
		member := &v.members[i]
		if child := n.members[member.name]; child != nil {
			child.strangers(&member.value, join(path, member.name), found)
		} else if !n.free && len(found) < maxUnknown {
			found[join(path, shorten(member.name))] = true
		}
	}
}
