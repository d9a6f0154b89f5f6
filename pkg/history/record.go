package history

import (
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// Record is one captured request and what was learnt about it. It is a plain value; slices are shared by its copies.
type Record struct {
	// ID is a ULID of the time of Capture, so ids sort by time. Leave it empty to have one made.
	ID string
	// Capture is what was on the wire. Its Time is kept to the nanosecond, in UTC, and lies in the years 1970 to 2261 or is
	// zero. No header name or value may hold a line feed, and no name may hold ": ".
	Capture capture.Request
	// EventID and EventType are what the body claims to be; empty when it is no event.
	EventID, EventType string
	Signature          Signature
	Duplicate          bool     // an event of this id was received before
	Drift              []string // departures from the schema, in words
	Answer             Answer   // what the sender was told; zero until then
	Forwards           []Forward
	Source             Source
	ReplayOf           string // ID of the record that this one repeats
}

// Answer is what a request was answered. The zero value says that it was not, yet.
type Answer struct {
	Status   int
	Header   []capture.Field
	Body     []byte
	Duration time.Duration
}

// Forward is one attempt to hand a request on.
type Forward struct {
	Target   string // URL
	Status   int    // 0 when there was no answer
	Duration time.Duration
	Error    string // why there was no answer
	Attempt  int    // from 1
}

// Signature is what was found about the signature of a request. Other words than those here are kept as they are.
type Signature string

// The findings.
const (
	SignatureValid      Signature = "valid"
	SignatureInvalid    Signature = "invalid"
	SignatureStale      Signature = "stale"      // it matches, but its time is outside the tolerance
	SignatureMissing    Signature = "missing"    // there is no header
	SignatureUnverified Signature = "unverified" // there was no secret to verify with
	SignatureUnread     Signature = "unread"     // no delivery, or its body did not come whole: there was nothing to judge
)

// Source tells where a record comes from. Other words than those here are kept as they are.
type Source string

// The sources.
const (
	SourceListen Source = "listen"
	SourceTunnel Source = "tunnel"
	SourceImport Source = "import"
	SourceReplay Source = "replay"
)
