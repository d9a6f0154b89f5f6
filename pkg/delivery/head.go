package delivery

import (
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// head is the header of every request of a client, compiled once: its lines in the order in which net/http writes them,
// with a place for the two values that differ from request to request.
type head struct {
	target            string // the request target, "/webhooks/pocketbook"
	lines             []capture.Field
	length, signature int // where in lines; signature is -1 when nothing is signed
}

func newHead(to endpoint, o Options) (head, error) {
	custom, err := readHeader(o.Header)
	if err != nil {
		return head{}, err
	}
	userAgent := o.UserAgent
	if userAgent == "" {
		userAgent = "pbhook"
	}
	if !isValue(userAgent) {
		return head{}, &OptionError{Option: "user agent", Value: userAgent, Reason: "holds a control character"}
	}
	defaults := []capture.Field{
		{Name: "Host", Value: to.hostLine()},
		{Name: "User-Agent", Value: userAgent},
		{Name: "Content-Length"},
		{Name: "Content-Type", Value: "application/json"},
	}
	if !o.Unsigned {
		defaults = append(defaults, capture.Field{Name: signature.HeaderName})
	}
	named := func(name string) func(capture.Field) bool {
		return func(field capture.Field) bool { return field.Name == name }
	}
	h := head{target: to.url.RequestURI(), signature: -1}
	for _, field := range defaults {
		if !slices.ContainsFunc(custom, named(field.Name)) {
			h.lines = append(h.lines, field)
		}
	}
	signed := slices.ContainsFunc(h.lines, named(signature.HeaderName))
	h.lines = append(h.lines, custom...)
	// The way to send no User-Agent at all is an empty one.
	h.lines = slices.DeleteFunc(h.lines, func(field capture.Field) bool {
		return field.Name == "User-Agent" && field.Value == ""
	})
	slices.SortStableFunc(h.lines, inWireOrder)
	h.length = slices.IndexFunc(h.lines, named("Content-Length"))
	if signed {
		h.signature = slices.IndexFunc(h.lines, named(signature.HeaderName))
	}
	return h, nil
}

// inWireOrder puts the lines that net/http writes first in front and the rest in the order of their names.
func inWireOrder(a, b capture.Field) int {
	first := []string{"Content-Length", "User-Agent", "Host"}
	if rank := slices.Index(first, b.Name) - slices.Index(first, a.Name); rank != 0 {
		return rank
	}
	return strings.Compare(a.Name, b.Name)
}

func readHeader(lines []capture.Field) ([]capture.Field, error) {
	var header []capture.Field
	once := map[string]bool{}
	for _, line := range lines {
		refused := func(reason string) ([]capture.Field, error) {
			return nil, &OptionError{Option: "header", Value: line.Name, Reason: reason}
		}
		field := capture.Field{Name: http.CanonicalHeaderKey(line.Name), Value: textproto.TrimString(line.Value)}
		if !isName(line.Name) {
			return refused("is not a header name")
		}
		if !isValue(field.Value) {
			return refused("has a value with a line break or control character")
		}
		switch field.Name {
		case "Content-Length", "Transfer-Encoding", "Trailer":
			return refused("frames the body and cannot be set")
		case "Host", "User-Agent":
			if once[field.Name] {
				return refused("can be given only once")
			}
			once[field.Name] = true
			if field.Name == "Host" && (field.Value == "" || strings.ContainsFunc(field.Value, isNoHost)) {
				return refused("is not host:port")
			}
		}
		header = append(header, field)
	}
	return header, nil
}

// isName follows RFC 9110, section 5.6.2.
func isName(s string) bool {
	no := func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) }
	return s != "" && !strings.ContainsFunc(s, no)
}

func isValue(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

func isNoHost(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"/\?#@<>`, r) }

func (h head) isSigned() bool { return h.signature >= 0 }

// fields are the lines of one request.
func (h head) fields(length int, signature string) []capture.Field {
	lines := slices.Clone(h.lines)
	lines[h.length].Value = strconv.Itoa(length)
	if h.isSigned() {
		lines[h.signature].Value = signature
	}
	return lines
}

// message appends the HTTP/1.1 message of one request.
func (h head) message(to []byte, s sealed) []byte {
	to = append(to, "POST "...)
	to = append(to, h.target...)
	to = append(to, " HTTP/1.1\r\n"...)
	for i, line := range h.lines {
		to = append(to, line.Name...)
		to = append(to, ": "...)
		switch i {
		case h.length:
			to = strconv.AppendInt(to, int64(len(s.body)), 10)
		case h.signature:
			to = append(to, s.signature...)
		default:
			to = append(to, line.Value...)
		}
		to = append(to, "\r\n"...)
	}
	to = append(to, "\r\n"...)
	return append(to, s.body...)
}

// apply gives the lines to net/http, which writes Host and Content-Length from fields of its own.
func (h head) apply(r *http.Request, s sealed) {
	r.Header = make(http.Header, len(h.lines))
	for i, line := range h.lines {
		switch {
		case line.Name == "Host":
			r.Host = line.Value
		case i == h.signature:
			r.Header[line.Name] = []string{s.signature}
		case i != h.length:
			r.Header[line.Name] = append(r.Header[line.Name], line.Value)
		}
	}
	// Without a line of its own net/http would name itself.
	if r.Header["User-Agent"] == nil {
		r.Header["User-Agent"] = []string{""}
	}
}
