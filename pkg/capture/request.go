// Package capture holds one HTTP request as it was on the wire, sent or received, and writes it down without losing a
// byte: as a curl command to paste, as the HTTP/1.1 message itself, or as one line of JSON.
//
//	request := capture.Request{
//		Method: "POST",
//		URL:    "http://localhost:3000/webhooks/pocketbook",
//		Header: []capture.Field{{Name: "Content-Type", Value: "application/json"}},
//		Body:   []byte(`{"id":"evt_1"}`),
//	}
//	err := capture.WriteCurl(os.Stdout, request)
//
// What is learnt about a request, such as whether its signature holds, is kept beside it and never written into it.
package capture

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Field is one header line. Neither part holds CR, LF or NUL in a request that came from the wire.
type Field struct {
	Name, Value string
}

// Fields gives the lines of a header that has lost their order, such as an http.Header: sorted by name, and those of one name
// as they came.
func Fields(header map[string][]string) []Field {
	var fields []Field
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fields = append(fields, Field{Name: name, Value: value})
		}
	}
	return fields
}

// Request is one request, byte-exact. It is a plain value: copies share Header and Body, and whoever changes those
// copies them first. The zero value is an empty request.
type Request struct {
	Method string
	// URL is absolute, "http://host:port/path?query", as it was requested.
	URL string
	// Proto is "HTTP/1.1", "HTTP/2.0" and so on; empty when it is not known yet.
	Proto string
	// Header holds every line in wire order, also those that share a name. Host is one of them.
	Header []Field
	// Body is the content without its transfer coding.
	Body []byte
	// Time is when the request was sent or had arrived; zero when it was neither yet.
	Time time.Time
	// RemoteAddr is "host:port" of the peer that sent it; empty for a request of our own.
	RemoteAddr string
}

// Values returns the values of every header line called name, upper and lower case alike, in wire order. A name that
// does not occur gives nil. So a Request can be read wherever the Values method of an http.Header is asked for.
func (r Request) Values(name string) []string {
	var values []string
	for _, field := range r.Header {
		if strings.EqualFold(field.Name, name) {
			values = append(values, field.Value)
		}
	}
	return values
}
