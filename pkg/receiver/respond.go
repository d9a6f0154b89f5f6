package receiver

import (
	"fmt"
	"strconv"
	"strings"
)

// Response is a status that a share of the requests is answered with.
type Response struct {
	Status int     // 200 to 599
	Share  float64 // 0 to 1
}

// Responses are what an endpoint that plays a bad one answers with; what their shares leave is answered as usual.
type Responses []Response

// ResponseError says which response cannot be given and why.
type ResponseError struct {
	Response string // as given
	Reason   string // "has a status outside 200 to 599", …
}

func (e *ResponseError) Error() string { return fmt.Sprintf("response %q %s", e.Response, e.Reason) }

// ParseResponses reads a list such as "500@20%,429@5%"; a status without a share is given to every request. The shares
// together are at most 100 %. An empty text has none. It returns a [*ResponseError] that names what it cannot read.
func ParseResponses(text string) (Responses, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var all Responses
	total := 0.0
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		response, reason := parseResponse(part)
		if total += response.Share; reason == "" && total > 1+1e-9 {
			reason = "brings the shares above 100% in all"
		}
		if reason != "" {
			return nil, &ResponseError{Response: part, Reason: reason}
		}
		all = append(all, response)
	}
	return all, nil
}

// parseResponse returns a reason where it cannot read the text.
func parseResponse(text string) (r Response, reason string) {
	status, share, shared := strings.Cut(text, "@")
	r.Share = 1
	if shared {
		percent, isPercent := strings.CutSuffix(share, "%")
		number, err := strconv.ParseFloat(percent, 64)
		if err != nil || !isPercent || !(number >= 0 && number <= 100) {
			return r, "has a share that is not a percentage from 0% to 100%"
		}
		r.Share = number / 100
	}
	var err error
	if r.Status, err = strconv.Atoi(status); err != nil || r.Status < 200 || r.Status > 599 {
		return r, "has no status from 200 to 599"
	}
	return r, ""
}

// Draw picks a response by a random number from 0 to 1; ok is false where the request is to be answered as usual.
func (rs Responses) Draw(random float64) (status int, ok bool) {
	for _, response := range rs {
		if random < response.Share {
			return response.Status, true
		}
		random -= response.Share
	}
	return 0, false
}
