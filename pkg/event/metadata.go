package event

import (
	"encoding/json"
	"reflect"
)

// Metadata is the free-form object that an issuer gives a certificate or voucher: JSON kept as it stood in the body.
type Metadata json.RawMessage

// Text returns the string member of exactly that name, and false if there is none or it is no string.
func (m Metadata) Text(name string) (string, bool) {
	list, err := members(json.RawMessage(m))
	if err != nil {
		return "", false
	}
	for _, member := range list {
		if member.name != name || member.value[0] != '"' {
			continue
		}
		var text string
		return text, json.Unmarshal(member.value, &text) == nil
	}
	return "", false
}

// Into decodes the object into a struct's json-tagged fields, names taken exactly; target is a pointer to a struct
// such as [VoucherMetadata] or one of your own. Absent metadata leaves target as it is. The error is a [*BodyError].
func (m Metadata) Into(target any) error {
	if len(m) == 0 {
		return nil
	}
	return fill(reflect.ValueOf(target).Elem(), json.RawMessage(m), "data.metadata")
}

// MarshalJSON returns the JSON as it stood, null for none.
func (m Metadata) MarshalJSON() ([]byte, error) { return json.RawMessage(m).MarshalJSON() }

// UnmarshalJSON keeps a copy of the JSON.
func (m *Metadata) UnmarshalJSON(raw []byte) error { return (*json.RawMessage)(m).UnmarshalJSON(raw) }

// String returns the JSON.
func (m Metadata) String() string { return string(m) }
