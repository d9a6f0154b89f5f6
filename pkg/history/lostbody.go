package history

import "strconv"

// The answers of a receiver that tell why a body is missing (RFC 9110, sections 15.5.9 and 15.5.14).
const (
	statusTimeout  = 408
	statusTooLarge = 413
)

// LostBody says why the body of a request was not kept: "was too large", "took too long to arrive" or "broke off"; a
// listener keeps nothing of such a body. It is empty when nothing is amiss, or nothing of the record tells so.
func (r Record) LostBody() string {
	if len(r.Capture.Body) > 0 || r.Source != SourceListen && r.Source != SourceTunnel {
		return ""
	}
	announced := false
	for _, length := range r.Capture.Values("Content-Length") {
		if n, err := strconv.ParseInt(length, 10, 64); err == nil && n > 0 {
			announced = true
		}
	}
	// What has no length before it is told by the answer alone, which is the listener's own where nothing was handed on.
	own := len(r.Forwards) == 0
	switch {
	case r.Answer.Status == statusTooLarge && (announced || own):
		return "was too large"
	case r.Answer.Status == statusTimeout && (announced || own):
		return "took too long to arrive"
	case announced:
		return "broke off"
	}
	return ""
}
