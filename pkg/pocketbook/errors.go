package pocketbook

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// ExpiredError says that the token is a JWT whose time is over, so that nothing was sent.
type ExpiredError struct{ At time.Time }

func (e *ExpiredError) Error() string {
	return "the API token expired at " + e.At.UTC().Format(time.RFC3339)
}

// StatusError says that the API answered, but not with 2xx. A redirect is one too: it is never followed, for it would
// carry the token to another place.
type StatusError struct {
	URL        string
	Status     int
	Body       string        // as answered, with the token taken out of it; at most its first 64 KiB
	Location   string        // of a redirect
	RetryAfter time.Duration // 0 when the API names none (RFC 9110, section 10.2.3)
}

// inMessage is how much of an answer is part of an error's text, in bytes.
const inMessage = 600

func (e *StatusError) Error() string {
	text := strings.TrimSpace(fmt.Sprintf("%s answered %d %s", e.URL, e.Status, http.StatusText(e.Status)))
	if e.Location != "" {
		text += " and points to " + excerpt(e.Location)
	}
	if body := strings.TrimSpace(e.Body); body != "" {
		text += ": " + excerpt(body)
	}
	return text
}

func excerpt(text string) string {
	if len(text) <= inMessage {
		return text
	}
	end := inMessage
	for end > inMessage-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// AnswerError says that the API answered 2xx but not as documented, so the webhook is registered as far as anybody can
// tell. It holds nothing of the answer, which may have a secret in it, but the id.
type AnswerError struct {
	URL    string
	Status int
	ID     string // of the webhook, where the answer has it
	Reason string // "has no data.secret", …
}

func (e *AnswerError) Error() string {
	text := fmt.Sprintf("%s answered %d, but its answer %s", e.URL, e.Status, e.Reason)
	if e.ID != "" {
		text += " (the webhook is " + excerpt(e.ID) + ")"
	}
	return text
}
