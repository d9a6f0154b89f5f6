package receiver

import (
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Receipt is one request, what was learnt of it and what it was answered. A Receipt shares nothing with the handler that
// made it: it may be kept, and read from any goroutine.
type Receipt struct {
	// Request is what was on the wire: the path as it was sent, the body byte for byte, neither inflated nor decoded.
	// net/http keeps neither the order nor the case of header names, so they are canonical and sorted, with Host first; lines
	// of one name keep their order.
	Request capture.Request
	BodyErr error // why Request.Body is missing: *http.MaxBytesError, a timeout, a connection that broke; nil if it is whole

	Judged    bool             // the request was a POST to the path and its body is whole, so all that follows means something
	Verified  bool             // a Verifier accepted the signature and its time; false when the handler has none
	Verdict   signature.Result // both findings of the Verifier; zero when the handler has none
	VerifyErr error            // why the Verifier refused; see [signature.Verifier.Verify]

	// Event is what the body claims to be, also when the signature was refused: trust it only if Verified.
	Event     event.Event
	DecodeErr error // why the body is not an event

	Violations []event.Violation // where a verified event departs from the schema of its type
	Unknown    []string          // dotted paths of fields that the schema doesn't name; the provider added them, or someone misspelt
	Duplicate  bool              // an event of this id was accepted before

	Status   int             // of the answer
	Header   []capture.Field // lines of the answer beside those that it always has; a Content-Type here replaces theirs
	Answer   []byte          // body of the answer, JSON unless Handle made another
	Duration time.Duration   // from the end of the request's header until Handle was called

	postponed bool
}
