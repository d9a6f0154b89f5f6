package event

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

const maxShown = 60 // characters of a value that an error quotes

// String names a value for a person: its kind, and what it is where that is short.
func (v *value) String() string {
	switch {
	case v == nil:
		return "nothing"
	case v.shape() == '{':
		return "object"
	case v.shape() == '[':
		return "array"
	}
	return describe(v.scalar())
}

// describe does the same for what a schema holds.
func describe(scalar any) string {
	switch s := scalar.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprintf("boolean %t", s)
	case json.Number:
		return "number " + shorten(s.String())
	case string:
		return fmt.Sprintf("string %q", shorten(s))
	}
	return "a value"
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxShown {
		return s
	}
	return string([]rune(s)[:maxShown]) + "…"
}
