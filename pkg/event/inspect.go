package event

// An Inspection is all that can be told of one body.
type Inspection struct {
	// Event is what [Decode] gives, and of a body whose data alone does not fit its documented type the envelope with
	// [Unknown] data. So Event.Data is nil where the body is no event, and nowhere else.
	Event      Event
	Err        error       // of Decode, a *BodyError
	Violations []Violation // of Schemas.Validate against the type that the body names
	Unknown    []string    // of Schemas.Unknown
}

// Inspect decodes a body and holds it to the schema of its type, and reads it only once for both. Data that its type does
// not fit is drift of the provider's: Err tells of it as of any refusal, and Violations where the schema knows better. A
// body that is no event has nothing but Err and what could be read of its envelope.
func (s *Schemas) Inspect(body []byte) Inspection {
	root, err := parse(body, uniqueInEnvelope)
	if err != nil {
		return Inspection{Err: err}
	}
	var found Inspection
	if found.Err = found.Event.fillEnvelope(root); found.Err != nil {
		return found
	}
	data := root.get("data")
	if found.Err = found.Event.fillData(data); found.Err != nil {
		found.Event.Data = unknown(data)
	}
	schema := s.of(found.Event.Type)
	found.Violations = schema.violations(root)
	found.Unknown = schema.unknown(root)
	return found
}
