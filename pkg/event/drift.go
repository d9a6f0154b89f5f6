package event

import (
	"maps"
	"slices"
)

const maxUnknown = 50

// Unknown lists what a body has and the schema of t does not document, sorted, array items as "#": "data.foo". That is
// no violation, but news: Pocketbook may have added a field. Members of free-form objects are never news. At most 50
// paths are listed. The error is a [*BodyError].
func (s *Schemas) Unknown(t Type, body []byte) ([]string, error) {
	value, err := parse(body)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	s.of(t).outline.strangers(value, "", found)
	return slices.Sorted(maps.Keys(found)), nil
}

func (n *node) strangers(value any, path string, found map[string]bool) {
	switch value := value.(type) {
	case []any:
		if n.items == nil {
			return
		}
		for _, item := range value {
			n.items.strangers(item, join(path, "#"), found)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if child, documented := n.members[name]; documented {
				child.strangers(value[name], join(path, name), found)
			} else if !n.free && len(found) < maxUnknown {
				found[join(path, name)] = true
			}
		}
	}
}
