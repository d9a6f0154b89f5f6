package event

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

const maxShown = 60 // characters of a value that an error quotes

// describe names a JSON value for a person: its kind, and the value where it is short.
func describe(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprintf("boolean %t", v)
	case json.Number:
		return "number " + shorten(v.String())
	case string:
		return fmt.Sprintf("string %q", shorten(v))
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", value)
}

func describeRaw(raw json.RawMessage) string {
	value, err := parse(raw)
	if err != nil {
		return "broken JSON"
	}
	return describe(value)
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxShown {
		return s
	}
	return string([]rune(s)[:maxShown]) + "…"
}
