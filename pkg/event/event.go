// Package event reads Pocketbook's webhook events: from a request to a typed payload in one call.
//
// A [Reader] takes the request's headers and body, checks the signature with package signature, and decodes:
//
//	received, err := reader.Read(r.Header, r.Body, time.Now())
//	switch data := received.Event.Data.(type) {
//	case *event.CertificateMinted:
//		record(data.CertificateID, data.TransactionHash)
//	case event.Unknown:
//		// a type that this version does not know; answer 200 all the same
//	}
//
// Deliveries repeat: remember Event.ID and handle each once. [Decode] reads a body that was verified before.
//
// [Schemas] hold a body to the JSON Schema of its type: Validate tells what breaks it, Unknown what it does not know, and
// Inspect both along with the event.
package event

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// An Event is one thing that happened, as Pocketbook delivers it.
type Event struct {
	ID      string `json:"id"` // the same on every delivery of this event
	Type    Type   `json:"type"`
	Created int64  `json:"created"` // when it happened, unix seconds
	Data    any    `json:"data"`    // *CertificateCreated and so on by Type, or Unknown
}

// Unknown is the data of an event whose type is not one of [Types].
type Unknown struct {
	Raw json.RawMessage // as it stood in the body
}

// MarshalJSON returns Raw.
func (u Unknown) MarshalJSON() ([]byte, error) { return u.Raw.MarshalJSON() }

// Decode reads an event from the bytes of a request body. It does not verify them; a [Reader] does both.
//
// Names count only as they are spelled: "ID" is not "id". A name that comes twice is refused in the envelope, and within the
// data the last one counts. Fields that are new are ignored, fields that are absent or null are zero, types that are new
// give [Unknown] data. The envelope's four members must be there. Depth, number of values and length of numbers are bounded.
// The error is a [*BodyError]; beside it stands what could be read of the envelope, to name the event in a report, and no data.
func Decode(body []byte) (Event, error) {
	root, err := parse(body, uniqueInEnvelope)
	if err != nil {
		return Event{}, err
	}
	var e Event
	if err := e.fillEnvelope(root); err != nil {
		return e, err
	}
	return e, e.fillData(root.get("data"))
}

// fillEnvelope decodes all but the data, and makes sure that all four members are there.
func (e *Event) fillEnvelope(root *value) error {
	if root.shape() != '{' {
		return &BodyError{Expected: "object", Got: root.String()}
	}
	envelope := []struct {
		name, expected string
		target         any
	}{
		{"id", "text", &e.ID}, {"type", "text", &e.Type}, {"created", "integer", &e.Created}, {"data", "object", nil},
	}
	for _, m := range envelope {
		v := root.get(m.name)
		if v == nil {
			return &BodyError{m.name, m.expected, "nothing"}
		}
		if v.isNull() || v.raw == `""` || m.name == "data" && v.shape() != '{' {
			return &BodyError{m.name, m.expected, v.String()}
		}
		if m.target == nil {
			continue
		}
		if err := fill(reflect.ValueOf(m.target).Elem(), v); err != nil {
			return under(m.name, err)
		}
	}
	return nil
}

// fillData decodes the data as the type of the event has it, and leaves none where it does not fit.
func (e *Event) fillData(data *value) error {
	target := e.Type.newData()
	if target == nil {
		e.Data = unknown(data)
		return nil
	}
	if err := fill(reflect.ValueOf(target).Elem(), data); err != nil {
		return under("data", err)
	}
	e.Data = target
	return nil
}

func unknown(data *value) Unknown { return Unknown{Raw: json.RawMessage(data.raw)} }

// UnmarshalJSON reads the event as [Decode] does, so that a queue or a store may hold events as JSON.
func (e *Event) UnmarshalJSON(body []byte) error {
	decoded, err := Decode(body)
	if err == nil {
		*e = decoded
	}
	return err
}

// Encode writes an event as one compact line in the documented order of its fields, without the HTML escapes of
// json.Marshal. It fails only where Data cannot be JSON.
func Encode(e Event) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
