package forensics

import (
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Case is a delivery to explain, as it was received.
type Case struct {
	Headers       []string  // every line of the signature header, in order
	Body          []byte    // byte for byte; never changed
	ContentLength string    // that header as it was written; empty when there was none
	Date          string    // that header as it was written: the sender's clock; empty when there was none
	Received      time.Time // the receiver's clock on arrival; zero when not known
}

// CaseOf takes from a captured request what [Explain] looks at.
func CaseOf(r capture.Request) Case {
	c := Case{Headers: r.Values(signature.HeaderName), Body: r.Body, Received: r.Time}
	if lengths := r.Values("Content-Length"); len(lengths) > 0 {
		c.ContentLength = lengths[0]
	}
	if dates := r.Values("Date"); len(dates) > 0 {
		c.Date = dates[0]
	}
	return c
}
