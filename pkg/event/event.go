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
// [Schemas] hold a body to the JSON Schema of its type: Validate tells what breaks it, Unknown what it does not know.
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

type envelope struct {
	ID      *string         `json:"id"`
	Type    *Type           `json:"type"`
	Created *int64          `json:"created"`
	Data    json.RawMessage `json:"data"`
}

// Decode reads an event from the bytes of a request body. It does not verify them; a [Reader] does both.
//
// Names count only as they are spelled: "ID" is not "id", and an object that has a name twice is refused. Fields that
// are new are ignored, fields that are absent or null are zero, types that are new give [Unknown] data. The envelope's
// four members must be there. Depth, number of values and length of numbers are bounded. The error is a [*BodyError].
func Decode(body []byte) (Event, error) {
	if _, err := parse(body); err != nil {
		return Event{}, err
	}
	var e envelope
	body = bytes.TrimSpace(body)
	if err := fill(reflect.ValueOf(&e).Elem(), body, ""); err != nil {
		return Event{}, err
	}
	if err := e.complete(); err != nil {
		return Event{}, err
	}
	data, err := decodeData(*e.Type, e.Data)
	if err != nil {
		return Event{}, err
	}
	return Event{ID: *e.ID, Type: *e.Type, Created: *e.Created, Data: data}, nil
}

func (e envelope) complete() error {
	missing := func(path, expected string) error { return &BodyError{path, expected, "nothing"} }
	switch {
	case e.ID == nil || *e.ID == "":
		return missing("id", "the event's id")
	case e.Type == nil || *e.Type == "":
		return missing("type", "the event's type")
	case e.Created == nil:
		return missing("created", "unix seconds")
	case len(e.Data) == 0:
		return missing("data", "object")
	case e.Data[0] != '{':
		return &BodyError{"data", "object", describeRaw(e.Data)}
	}
	return nil
}

func decodeData(t Type, raw json.RawMessage) (any, error) {
	data := t.newData()
	if data == nil {
		return Unknown{Raw: raw}, nil
	}
	return data, fill(reflect.ValueOf(data).Elem(), raw, "data")
}

// UnmarshalJSON reads the event as [Decode] does, so that a queue or a store may hold events as JSON.
func (e *Event) UnmarshalJSON(body []byte) (err error) {
	*e, err = Decode(body)
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
