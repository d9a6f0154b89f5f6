package capture

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadHTTP(t *testing.T) {
	post := func(body string, header ...Field) Request {
		r := Request{Method: "POST", URL: "/a", Proto: "HTTP/1.1", Header: header, Body: []byte(body)}
		if host := r.Values("Host"); host != nil {
			r.URL = "http://" + host[0] + "/a"
		}
		return r
	}
	host := Field{"Host", "h:3000"}
	for name, tt := range map[string]struct {
		text string
		want []Request
	}{
		"case and order of the header lines": {
			"POST /a HTTP/1.1\r\nx-b:1\r\nHost: h:3000\r\nX-A:\t2 \r\nX-B:\r\nContent-Length: 2\r\n\r\n{}",
			[]Request{post("{}", Field{"x-b", "1"}, host, Field{"X-A", "2"}, Field{"X-B", ""}, Field{"Content-Length", "2"})},
		},
		"LF alone, as an editor saves it": {
			"POST /a HTTP/1.1\nHost: h:3000\nContent-Length: 3\n\n{}\n",
			[]Request{post("{}\n", host, Field{"Content-Length", "3"})},
		},
		"no length: the rest is the body": {"POST /a HTTP/1.1\r\n\r\n{}\r\n\r\n", []Request{post("{}\r\n\r\n")}},
		"a body that was cut keeps its length beside it": {
			"POST /a HTTP/1.1\r\nContent-Length: 100\r\n\r\n{\"id\"", []Request{post(`{"id"`, Field{"Content-Length", "100"})},
		},
		"a head that was cut": {"POST /a HTTP/1.1\r\nHost: h:3000\r\nX-A: 1", []Request{post("", host, Field{"X-A", "1"})}},
		"chunks": {
			"POST /a HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\n{\"a\r\n5\r\n\":1}\n\r\n0\r\nX-Trailer: 1\r\n\r\n",
			[]Request{post("{\"a\":1}\n", Field{"Transfer-Encoding", "Chunked"})},
		},
		"chunks that were cut": {
			"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a", []Request{post(`{"a`, Field{"Transfer-Encoding", "chunked"})},
		},
		"an absolute target stands as it is": {
			"GET https://example.com/a?b#c HTTP/1.0\r\n\r\n", []Request{{Method: "GET", URL: "https://example.com/a?b#c", Proto: "HTTP/1.0"}},
		},
		"messages back to back, with empty lines between": {
			"GET /a HTTP/1.1\r\n\r\nPOST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\nx\n\r\nPOST /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n\n",
			[]Request{{Method: "GET", URL: "/a", Proto: "HTTP/1.1"}, post("x", Field{"Content-Length", "1"}), post("", Field{"Content-Length", "0"})},
		},
		"a body that grew, to the end of the input": {
			"POST /a HTTP/1.1\nContent-Length: 9\n\n{\n  \"a\": 1\n}", []Request{post("{\n  \"a\": 1\n}", Field{"Content-Length", "9"})},
		},
		"a body that grew, to the next message": {
			"POST /a HTTP/1.1\nContent-Length: 9\n\n{\n  \"a\": 1\n}\n\nPOST /a HTTP/1.1\nContent-Length: 1\n\nx\n",
			[]Request{post("{\n  \"a\": 1\n}\n", Field{"Content-Length", "9"}), post("x", Field{"Content-Length", "1"})},
		},
		"a body that shrank, to the next message": {
			"POST /a HTTP/1.1\r\nContent-Length: 40\r\n\r\n{}\r\nPOST /a HTTP/1.1\r\nContent-Length: 40\r\n\r\n{}\r\nGET /a HTTP/1.1\r\n\r\n",
			[]Request{
				post("{}", Field{"Content-Length", "40"}), post("{}", Field{"Content-Length", "40"}), {Method: "GET", URL: "/a", Proto: "HTTP/1.1"},
			},
		},
		"a body that is gone, before the next message": {
			"POST /a HTTP/1.1\nContent-Length: 400\n\nPOST /a HTTP/1.1\nContent-Length: 1\n\nx",
			[]Request{post("", Field{"Content-Length", "400"}), post("x", Field{"Content-Length", "1"})},
		},
		"a request line within a body that has its length": {
			"POST /a HTTP/1.1\nContent-Length: 22\n\nx\nPOST /a HTTP/1.1\n\ny\nGET /a HTTP/1.1\n\n",
			[]Request{post("x\nPOST /a HTTP/1.1\n\ny\n", Field{"Content-Length", "22"}), {Method: "GET", URL: "/a", Proto: "HTTP/1.1"}},
		},
		"no length: up to the next message": {
			"POST /a HTTP/1.1\r\n\r\n{}\r\nPOST /a HTTP/1.1\r\n\r\n[]\r\n", []Request{post("{}"), post("[]\r\n")},
		},
		"the same length twice": {
			"POST /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
			[]Request{post("x", Field{"Content-Length", "1"}, Field{"Content-Length", "1"})},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, errs := readAll(tt.text, ReaderOptions{})
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			if diff := cmp.Diff(tt.want, got, exactly); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadHTTPRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		text, reason string
		line         int
	}{
		"a protocol of its own":  {"POST / HTTP/x\r\n\r\n", `begins no HTTP message: "POST / HTTP/x"`, 1},
		"a folded header line":   {"POST / HTTP/1.1\r\nX-A: 1\r\n 2\r\n\r\n", "continues the header line before it, which RFC 9112 forbids", 3},
		"a space before a colon": {"POST / HTTP/1.1\r\nX-A : 1\r\n\r\n", `is no header line: "X-A : 1"`, 2},
		"CR within a value":      {"POST / HTTP/1.1\r\nX-A: 1\rX-B: 2\r\n\r\n", "holds CR or NUL in header X-A", 2},
		"two lengths":            {"POST / HTTP/1.1\nContent-Length: 1\nContent-Length: 2\n\nx", `has two different values of Content-Length, "1" and "2"`, 4},
		"a length that is none":  {"POST / HTTP/1.1\nContent-Length: -1\n\nx", `has a Content-Length that is no number: "-1"`, 3},
		"a coding not known":     {"POST / HTTP/1.1\nTransfer-Encoding: gzip, chunked\n\nx", `has the transfer coding "gzip, chunked", and only chunked is known`, 3},
		"a chunk without a size": {"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nxyz\n", `is no size of a chunk: "xyz"`, 4},
		"a chunk over its size":  {"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n1\nxy\n", `is longer than its size of 1 bytes: "y"`, 5},
		"what follows no body":   {"GET / HTTP/1.1\n\nxyz", `begins no HTTP message: "xyz"`, 3},
		"a body that grew over":  {"POST / HTTP/1.1\nContent-Length: 1\n\n" + strings.Repeat("x", 101), "the body is longer than 100 bytes", 3},
		"a body over the limit":  {"POST / HTTP/1.1\nContent-Length: 101\n\n" + strings.Repeat("x", 101), "the body is longer than 100 bytes", 3},
		"chunks over the limit":  {"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nffffffffffff\n" + strings.Repeat("x", 101), "the body is longer than 100 bytes", 4},
		"a head over the limit":  {"POST / HTTP/1.1\nX-A: " + strings.Repeat("x", 1<<20), "the head is longer than 1048576 bytes", 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, errs := readAll(tt.text, ReaderOptions{Name: "dump", Format: FormatHTTP, MaxBody: 100})
			if len(errs) != 1 {
				t.Fatalf("got errors %v", errs)
			}
			invalid, _ := errors.AsType[*DecodeError](errs[0])
			if invalid == nil || invalid.Reason != tt.reason || invalid.Line != tt.line {
				t.Errorf("got %v, want line %d: %s", errs[0], tt.line, tt.reason)
			}
		})
	}
}

func FuzzHTTP(f *testing.F) {
	for _, request := range corpus() {
		if len(request.Body) < 4096 {
			var message strings.Builder
			if err := WriteHTTP(&message, request); err != nil {
				f.Fatal(err)
			}
			f.Add(message.String() + message.String())
		}
	}
	f.Add("POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n3;x\nabc\n0\nX: y\n\nGET / HTTP/1.0\n")
	f.Fuzz(func(t *testing.T, text string) { lawHolds(t, FormatHTTP, text) })
}
