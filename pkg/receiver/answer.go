package receiver

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

func (r *Receipt) accept() {
	r.Status, r.Answer = http.StatusOK, []byte(`{"received":true}`)
}

// Refuse answers with a status and {"error":reason}. The reasons of package signature hold no signature that a sender could
// use, and neither should others.
func (r *Receipt) Refuse(status int, reason string) {
	text, _ := json.Marshal(reason) // a string always has JSON
	r.Status, r.Header, r.Answer = status, nil, []byte(`{"error":`+string(text)+`}`)
}

// RetryAfter is when a sender whose request was postponed should come again.
const RetryAfter = 5 * time.Second

// Postpone answers with 503 and Retry-After: the event could not be taken now and is to be delivered again. A later delivery
// of it is no duplicate then.
func (r *Receipt) Postpone(reason string) {
	r.Refuse(http.StatusServiceUnavailable, reason)
	r.Header = []capture.Field{{Name: "Retry-After", Value: strconv.Itoa(int(RetryAfter.Seconds()))}}
	r.postponed = true
}

// Postponed tells whether the sender is asked to come again.
func (r *Receipt) Postponed() bool { return r.postponed }

func write(w http.ResponseWriter, r Receipt) {
	header := w.Header()
	for _, line := range r.Header {
		header.Add(line.Name, line.Value)
	}
	own := []string{"application/json", "nosniff"} // one piece for both lines, whose names are canonical already
	if len(header["Content-Type"]) == 0 {
		header["Content-Type"] = own[:1:1]
	}
	header["X-Content-Type-Options"] = own[1:]
	w.WriteHeader(r.Status)
	_, _ = w.Write(r.Answer) // a sender that has left is told nothing
}
