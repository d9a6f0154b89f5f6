package event

import (
	"encoding/json"
	"strconv"
	"strings"
)

// value is one JSON value as it is written. It is small, for a body is read into hundreds of them: everything but its
// members is a part of the text.
type value struct {
	raw     string   // never empty
	members []member // of an object, in its order; the items of an array, without names
}

type member struct {
	name string
	value
}

// shape is what the value begins with, one of { [ " t f n, or 0 for any number.
func (v *value) shape() byte {
	switch first := v.raw[0]; first {
	case '{', '[', '"', 't', 'f', 'n':
		return first
	default:
		return '0'
	}
}

func (v *value) isNull() bool { return v.shape() == 'n' }

// get returns the last member of exactly that name, or nil.
func (v *value) get(name string) *value {
	if v.shape() != '{' {
		return nil
	}
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

// at returns the value at a location, array items by number, or nil.
func (v *value) at(location []string) *value {
	for _, name := range location {
		if v.shape() != '[' {
			v = v.get(name)
		} else if i, err := strconv.Atoi(name); err == nil && 0 <= i && i < len(v.members) {
			v = &v.members[i].value
		} else {
			v = nil
		}
		if v == nil {
			return nil
		}
	}
	return v
}

// string returns what a string spells, and false for any other value.
func (v *value) string() (string, bool) {
	if v.shape() != '"' {
		return "", false
	}
	return unquote(v.raw), true
}

// scalar returns nil, a bool, a string or a json.Number.
func (v *value) scalar() any {
	switch v.shape() {
	case 't', 'f':
		return v.raw == "true"
	case '"':
		return unquote(v.raw)
	case '0':
		return json.Number(v.raw)
	}
	return nil
}

// plain returns the value as the JSON Schema library takes it.
func (v *value) plain() any {
	switch v.shape() {
	case '{':
		object := make(map[string]any, len(v.members))
		for i := range v.members {
			object[v.members[i].name] = v.members[i].plain()
		}
		return object
	case '[':
		array := make([]any, len(v.members))
		for i := range v.members {
			array[i] = v.members[i].plain()
		}
		return array
	}
	return v.scalar()
}

// unquote returns what a valid string spells; the result is a part of it where it has no escapes.
func unquote(quoted string) string {
	inside := quoted[1 : len(quoted)-1]
	if strings.IndexByte(inside, '\\') < 0 {
		return inside
	}
	var spelt string
	_ = json.Unmarshal([]byte(quoted), &spelt)
	return spelt
}
