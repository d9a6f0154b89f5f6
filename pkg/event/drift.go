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
	root, err := parse(body, uniqueInEnvelope)
	if err != nil {
		return nil
	}
	return s.of(t).unknown(root)
}

func (s *schema) unknown(body *value) []string {
	found := map[string]bool{}
	s.outline.strangers(body, nil, found)
	return slices.Sorted(maps.Keys(found))
}

// strangers puts its words together only for what it finds: an honest body has nothing.
func (n *node) strangers(v *value, location []string, found map[string]bool) {
	isArray := v.shape() == '['
	for i := range v.members {
		member := &v.members[i]
		switch child := n.members[member.name]; {
		case isArray && n.items == nil:
		case isArray:
			n.items.strangers(&member.value, append(location, "#"), found)
		case child != nil:
			child.strangers(&member.value, append(location, member.name), found)
		case !n.free && len(found) < maxUnknown:
			found[dotted(append(location, member.name))] = true
		}
	}
}
