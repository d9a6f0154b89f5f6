package capture

import (
	"encoding/json"
	"io"
	"slices"
	"time"
	"unicode/utf8"
)

// Version is the version of the record that [WriteNDJSON] writes.
const Version = 1

// record is the JSON object of one request. Text that is not UTF-8 would not survive JSON, so it goes as base64.
type record struct {
	Kind          string      `json:"kind"`
	Version       int         `json:"version"`
	Time          time.Time   `json:"time,omitzero"`
	Method        string      `json:"method"`
	URL           string      `json:"url"`
	Proto         string      `json:"proto,omitempty"`
	Headers       [][2]string `json:"headers,omitzero"`
	HeadersBase64 [][2][]byte `json:"headersBase64,omitempty"`
	Body          *string     `json:"body,omitempty"`
	BodyBase64    []byte      `json:"bodyBase64,omitempty"`
	RemoteAddr    string      `json:"remoteAddr,omitempty"`
}

// WriteNDJSON writes r as one line of JSON:
//
//	{"kind":"request","version":1,"time":"…","method":"POST","url":"…","proto":"HTTP/1.1",
//	 "headers":[["Host","localhost:3000"],…],"body":"…","remoteAddr":"127.0.0.1:50514"}
//
// Times are RFC 3339 with nanoseconds. A body that is not UTF-8 stands in "bodyBase64" instead of "body"; header lines
// of which one is not UTF-8 stand in "headersBase64" instead of "headers", names and values each encoded. A zero time, an
// unknown protocol and an unknown peer are left out. It returns an [*EncodeError] for a method or URL that is not UTF-8,
// and errors of w.
func WriteNDJSON(w io.Writer, r Request) error {
	out := record{
		Kind:       "request",
		Version:    Version,
		Time:       r.Time,
		Method:     r.Method,
		URL:        r.URL,
		Proto:      r.Proto,
		RemoteAddr: r.RemoteAddr,
	}
	if !utf8.ValidString(r.Method) {
		return &EncodeError{Part: "method", Text: r.Method, Reason: "is not UTF-8"}
	}
	if !utf8.ValidString(r.URL) {
		return &EncodeError{Part: "url", Text: r.URL, Reason: "is not UTF-8"}
	}
	if utf8.Valid(r.Body) {
		body := string(r.Body)
		out.Body = &body
	} else {
		out.BodyBase64 = r.Body
	}
	if slices.ContainsFunc(r.Header, isBinary) {
		out.HeadersBase64 = binaryPairs(r.Header)
	} else {
		out.Headers = textPairs(r.Header)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(out)
}

func textPairs(header []Field) [][2]string {
	pairs := make([][2]string, len(header))
	for i, field := range header {
		pairs[i] = [2]string{field.Name, field.Value}
	}
	return pairs
}

func binaryPairs(header []Field) [][2][]byte {
	pairs := make([][2][]byte, len(header))
	for i, field := range header {
		pairs[i] = [2][]byte{[]byte(field.Name), []byte(field.Value)}
	}
	return pairs
}

func isBinary(field Field) bool {
	return !utf8.ValidString(field.Name) || !utf8.ValidString(field.Value)
}
