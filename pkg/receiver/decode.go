package receiver

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// decode reads the event and where it departs from its schema, and tells whether it is one at all. Data that doesn't fit the
// documented type is drift of the provider's, and a schema to report it by makes it no reason to refuse: the event then
// carries its data as event.Unknown.
func (h *Handler) decode(r *Receipt) bool {
	r.Event, r.DecodeErr = event.Decode(r.Request.Body)
	if r.DecodeErr != nil {
		var ok bool
		if r.Event, ok = h.envelope(r.Request.Body, r.DecodeErr); !ok {
			return false
		}
	}
	if r.VerifyErr != nil || h.options.Schemas == nil {
		return true
	}
	r.Violations, _ = h.options.Schemas.Validate(r.Event.Type, r.Request.Body) // fails on malformed bodies alone
	r.Unknown = h.options.Schemas.Unknown(r.Event.Type, r.Request.Body)
	return true
}

// envelope reads what is around the data of a body of which package event refused the data alone.
func (h *Handler) envelope(body []byte, refusal error) (event.Event, bool) {
	var where *event.BodyError
	if h.options.Schemas == nil || !errors.As(refusal, &where) || !strings.HasPrefix(where.Path, "data.") {
		return event.Event{}, false
	}
	if _, malformed := h.options.Schemas.Validate(event.Type(""), body); malformed != nil {
		return event.Event{}, false
	}
	// Well-formed bodies have no name twice, so a map reads each name as it is spelled.
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return event.Event{}, false
	}
	e := event.Event{Data: event.Unknown{Raw: members["data"]}}
	err := errors.Join(
		json.Unmarshal(members["id"], &e.ID),
		json.Unmarshal(members["type"], &e.Type),
		json.Unmarshal(members["created"], &e.Created),
	)
	return e, err == nil
}
