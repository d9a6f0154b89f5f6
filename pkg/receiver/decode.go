package receiver

import "github.com/pocketbook-studio/pbhook/pkg/event"

// decode reads the event and where it departs from its schema, and tells whether it is one at all. Data that doesn't fit the
// documented type is drift of the provider's, and a schema to report it by makes it no reason to refuse: the event then
// carries its data as event.Unknown. Nobody vouches for a body whose signature was refused, so it is held to no schema.
func (h *Handler) decode(r *Receipt) bool {
	if h.options.Schemas == nil || r.VerifyErr != nil {
		r.Event, r.DecodeErr = event.Decode(r.Request.Body)
		return r.DecodeErr == nil
	}
	found := h.options.Schemas.Inspect(r.Request.Body)
	r.Event, r.DecodeErr = found.Event, found.Err
	r.Violations, r.Unknown = found.Violations, found.Unknown
	return r.Event.Data != nil
}
