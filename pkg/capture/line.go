package capture

import "strings"

// checkLines refuses what would break out of its line in an HTTP message or out of its word in a command.
func checkLines(r Request) error {
	if !isToken(r.Method) {
		return &EncodeError{Part: "method", Text: r.Method, Reason: "is not one word"}
	}
	for i := range len(r.URL) {
		if c := r.URL[i]; c <= ' ' || c == 0x7f {
			return &EncodeError{Part: "url", Text: r.URL, Reason: "holds a space or a control character"}
		}
	}
	for _, field := range r.Header {
		if !isToken(field.Name) {
			return &EncodeError{Part: "header name", Text: field.Name, Reason: "is not a header name"}
		}
		if strings.ContainsAny(field.Value, "\r\n\x00") {
			return &EncodeError{Part: "header value", Text: field.Value, Reason: "holds a line break or NUL"}
		}
	}
	return nil
}

// isToken follows RFC 9110, section 5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// splitURL cuts an absolute URL into authority and request target without decoding either, so that the target is the
// one that was on the wire. The fragment never is.
func splitURL(raw string) (authority, target string, err error) {
	_, rest, found := strings.Cut(raw, "://")
	if !found {
		return "", "", &EncodeError{Part: "url", Text: raw, Reason: "is not absolute"}
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		return rest, "/", nil
	}
	authority, target = rest[:end], rest[end:]
	if target[0] == '?' {
		target = "/" + target
	}
	return authority, target, nil
}
