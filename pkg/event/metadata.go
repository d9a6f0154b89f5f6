package event

import (
	"encoding/json"
	"reflect"
)

// Metadata is the free-form object that an issuer gives a certificate or voucher: JSON kept as it stood in the body.
type Metadata json.RawMessage

// Text returns the string member of exactly that name, and false if there is none or it is no string.
func (m Metadata) Text(name string) (string, bool) {
	object, err := parse(m, uniqueNowhere)
	if err != nil {
		return "", false
	}
	member := object.get(name)
	if member == nil {
		return "", false
	}
	return member.string()
}

// Into decodes the object into the json-tagged fields of the struct that target points to, names taken exactly: a
// [CertificateMetadata], a [VoucherMetadata] or a struct of your own. Fields that are not there stay as they are. The
// error is a [*BodyError], or a [*json.InvalidUnmarshalError] if target is no pointer.
func (m Metadata) Into(target any) error {
	pointer := reflect.ValueOf(target)
	if pointer.Kind() != reflect.Pointer || pointer.IsNil() {
		return &json.InvalidUnmarshalError{Type: reflect.TypeOf(target)}
	}
	if len(m) == 0 {
		return nil
	}
	object, err := parse(m, uniqueNowhere)
	if err != nil {
		return err
	}
	return under("data.metadata", fill(pointer.Elem(), object))
}

// MarshalJSON returns the JSON as it stood, null for none.
func (m Metadata) MarshalJSON() ([]byte, error) { return json.RawMessage(m).MarshalJSON() }

// UnmarshalJSON keeps a copy of the JSON.
func (m *Metadata) UnmarshalJSON(raw []byte) error { return (*json.RawMessage)(m).UnmarshalJSON(raw) }

// String returns the JSON.
func (m Metadata) String() string { return string(m) }
