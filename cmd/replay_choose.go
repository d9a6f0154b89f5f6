package cmd

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// unfit says why a record of the history is not replayed unless that is asked for. What is signed anew passes for an event
// of Pocketbook's, so a forgery must not slip in among what fits.
type unfit string

const (
	unfitBody    unfit = "whose body was not kept"
	unfitInvalid unfit = "with an invalid signature"
	unfitMissing unfit = "without a signature"
	unfitMethod  unfit = "not sent by POST"
	unfitEvent   unfit = "without an event"
)

// unfits are in the order in which they are told.
func unfits() []unfit { return []unfit{unfitInvalid, unfitMissing, unfitMethod, unfitEvent, unfitBody} }

// unfit judges a record; what is of a file was never judged and is taken as it is. What has no body can be sent by no flag.
func (o *replayOptions) unfit(r history.Record) unfit {
	switch {
	case r.ID == "":
		return ""
	case r.LostBody() != "":
		return unfitBody
	case o.raw || o.includeInvalid:
		return ""
	case r.Signature == history.SignatureInvalid:
		return unfitInvalid
	case r.Signature == history.SignatureMissing:
		return unfitMissing
	case r.Capture.Method != http.MethodPost:
		return unfitMethod
	case r.EventID == "" && r.EventType == "":
		return unfitEvent
	}
	return ""
}

// unfitError says of a record that was named why it is not replayed.
type unfitError struct {
	record history.Record
	why    unfit
}

func (e *unfitError) Error() string {
	what := map[unfit]string{
		unfitBody:    "cannot be replayed: its body " + e.record.LostBody() + " and was not kept",
		unfitInvalid: "has an invalid signature, and a replay would give it a valid one",
		unfitMissing: "has no signature, and a replay would give it a valid one",
		unfitMethod:  "was not sent by POST, but by " + e.record.Capture.Method,
		unfitEvent:   "is no event",
	}
	return fmt.Sprintf("record %s %s", e.record.ID, what[e.why])
}

const includeHint = "--include-invalid takes it all the same, --raw sends it with the signature as captured"

func (e *unfitError) hint() string {
	if e.why == unfitBody {
		return "pbhook history show " + e.record.ID + " has its header; the sender alone has the body"
	}
	return includeHint
}

// passedOver counts what fits the filters and is not replayed.
type passedOver map[unfit]int

// addForged counts a record that a replay from the history would pass over as one that anybody may have sent.
func (p passedOver) addForged(r history.Record) {
	if r.Signature == history.SignatureInvalid {
		p[unfitInvalid]++
	}
	if r.Signature == history.SignatureMissing {
		p[unfitMissing]++
	}
}

func (p passedOver) String() string {
	var parts []string
	for _, why := range unfits() {
		if n := p[why]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, why))
		}
	}
	return strings.Join(parts, ", ")
}

// canBeTaken tells whether a flag would take any of them.
func (p passedOver) canBeTaken() bool { return len(p) > 1 || len(p) == 1 && p[unfitBody] == 0 }

// passedOverError says that nothing was left to replay.
type passedOverError struct{ passedOver }

func (e *passedOverError) Error() string {
	return "nothing was replayed: passed over " + e.String()
}

func (e *passedOverError) hint() string {
	if e.canBeTaken() {
		return strings.ReplaceAll(includeHint, " it ", " them ")
	}
	return "pbhook history list shows what there is"
}

// deadEndpointError ends a run whose endpoint is not there.
type deadEndpointError struct {
	attempts int
	err      error // the last of them
}

func (e *deadEndpointError) Error() string {
	return fmt.Sprintf("stopped after %d attempts in a row that found no server: %v", e.attempts, e.err)
}
func (e *deadEndpointError) Unwrap() error { return e.err }
