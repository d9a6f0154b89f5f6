package signature

import "time"

// Result is what was found of one delivery. Signature and time are both judged, whatever became of the other. Where
// SignatureValid is false, all else is the sender's word.
type Result struct {
	SignatureValid bool          // a v1 is the signature of t and the body under one of the secrets
	TimeValid      bool          // t was read and is within the tolerance of now
	By             Holder        // whose secret the signature was made with
	Index          int           // which v1 of the line it is, among those that are 64 hex digits; -1 for none
	Line           int           // which header line all this was found in; -1 when there is none to speak of
	Time           time.Time     // t in UTC, up to the year 33658 (which time.Time does not marshal); the zero Time when it was not read
	Age            time.Duration // whole seconds from t to now; below zero when t is in the future
	Warnings       []Warning     // of header and body, each code at most once
	Ignored        []string      // names of header parts other than t and v1
}

// Holder says which of a receiver's secrets a signature was made with.
type Holder uint8

// Every [Holder] there is.
const (
	None     Holder = iota // neither: the signature is not valid
	Current                // Options.Secret
	Previous               // Options.Previous
)

// String returns "none", "current" or "previous".
func (h Holder) String() string {
	switch h {
	case Current:
		return "current"
	case Previous:
		return "previous"
	default:
		return "none"
	}
}

// MarshalText returns what [Holder.String] does.
func (h Holder) MarshalText() ([]byte, error) { return []byte(h.String()), nil }
