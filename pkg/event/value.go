package event

import (
	"encoding/json"
	"strconv"
)

// value is one JSON value, with the bytes it was read from.
type value struct {
	raw     json.RawMessage
	shape   byte     // '{', '[' or 0 for a scalar
	scalar  any      // nil, bool, string or json.Number
	members []member // of an object, in its order
	items   []value  // of an array
}

type member struct {
	name string
	value
}

// get returns the member of exactly that name, or nil.
func (v *value) get(name string) *value {
	for i := range v.members {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

// at returns the value at a location, array items by number, or nil.
func (v *value) at(location []string) *value {
	for _, name := range location {
		if i, err := strconv.Atoi(name); v.shape == '[' && err == nil && 0 <= i && i < len(v.items) {
			v = &v.items[i]
			continue
		}
		if v = v.get(name); v == nil {
			return nil
		}
	}
	return v
}

func (v *value) isNull() bool { return v.shape == 0 && v.scalar == nil }

// plain returns the value as the JSON Schema library takes it.
func (v *value) plain() any {
	switch v.shape {
	case '{':
		object := make(map[string]any, len(v.members))
		for i := range v.members {
			object[v.members[i].name] = v.members[i].plain()
		}
		return object
	case '[':
		array := make([]any, len(v.items))
		for i := range v.items {
			array[i] = v.items[i].plain()
		}
		return array
	}
	return v.scalar
}
