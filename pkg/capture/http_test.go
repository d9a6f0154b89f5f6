package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestWriteHTTPIsTheMessage(t *testing.T) {
	request := Request{
		Method: "POST",
		URL:    "http://localhost:3000/hooks?a=%20#fragment",
		Header: []Field{{"X-B", "1"}, {"content-length", "99"}, {"X-Empty", ""}, {"Content-Length", "98"}, {"X-A", "2"}},
		Body:   []byte("{}\n"),
	}
	want := "POST /hooks?a=%20 HTTP/1.1\r\nHost: localhost:3000\r\nX-B: 1\r\ncontent-length: 3\r\nX-Empty:\r\nX-A: 2\r\n\r\n{}\n"
	var got strings.Builder
	if err := WriteHTTP(&got, request); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("got %q\nwant %q", got.String(), want)
	}
}

func TestAWrongLengthIsKeptWhereItCanBeReadBack(t *testing.T) {
	with := func(body string, lengths ...string) Request {
		r := Request{Method: "POST", URL: "http://h/", Header: []Field{{"Host", "h"}}, Body: []byte(body)}
		for _, length := range lengths {
			r.Header = append(r.Header, Field{"Content-Length", length})
		}
		return r
	}
	const head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: "
	for name, tt := range map[string]struct {
		request Request
		want    string
	}{
		"of a body that grew":                  {with("{\n}", "2"), head + "2\r\n\r\n{\n}\r\n"},
		"of a body that was cut":               {with("{", "9"), head + "9\r\n\r\n{\r\n"},
		"not one that the line break fills":    {with("{", "2"), head + "1\r\n\r\n{"},
		"not one behind which only breaks are": {with("{}\n", "2"), head + "3\r\n\r\n{}\n"},
		"not one of a body with messages":      {with("{}\nGET / HTTP/1.1\n\n", "1"), head + "19\r\n\r\n{}\nGET / HTTP/1.1\n\n"},
		"not one of two":                       {with("{}", "3", "4"), head + "2\r\n\r\n{}"},
		"not one that is no number":            {with("{}", "-1"), head + "2\r\n\r\n{}"},
	} {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			if err := WriteHTTP(&got, tt.request); err != nil {
				t.Fatal(err)
			}
			if got.String() != tt.want {
				t.Errorf("got %q\nwant %q", got.String(), tt.want)
			}
		})
	}
}

func TestWriteHTTPIsReadBackByNetHTTP(t *testing.T) {
	for name, request := range corpus() {
		if keepsLength(request) {
			continue // which is for pbhook alone to read
		}
		t.Run(name, func(t *testing.T) {
			var message bytes.Buffer
			if err := WriteHTTP(&message, request); err != nil {
				t.Fatal(err)
			}
			rest := bufio.NewReader(&message)
			got, err := http.ReadRequest(rest)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(got.Body)
			if err != nil {
				t.Fatal(err)
			}
			if got.Method != request.Method || !bytes.Equal(body, request.Body) {
				t.Errorf("got %s with %q\nwant %s with %q", got.Method, body, request.Method, request.Body)
			}
			if left, _ := io.ReadAll(rest); len(left) > 0 {
				t.Errorf("left over after the message: %q", left)
			}
		})
	}
}

func TestNothingBreaksOutOfItsLine(t *testing.T) {
	good := Request{Method: "POST", URL: "http://localhost:3000/"}
	with := func(change func(*Request)) Request { r := good; change(&r); return r }
	header := func(name, value string) Request {
		return with(func(r *Request) { r.Header = []Field{{name, value}} })
	}
	for name, tt := range map[string]struct {
		request Request
		part    string
	}{
		"a line break in a value":   {header("X-A", "1\r\nX-Evil: 2"), "header value"},
		"a bare LF in a value":      {header("X-A", "1\nX-Evil: 2"), "header value"},
		"NUL in a value":            {header("X-A", "1\x00"), "header value"},
		"a line break in a name":    {header("X-A\r\nX-Evil", "1"), "header name"},
		"a colon in a name":         {header("X-A: 1", "2"), "header name"},
		"an empty name":             {header("", "2"), "header name"},
		"a name that names a file":  {header("@file", "2"), "header name"},
		"a space in the method":     {with(func(r *Request) { r.Method = "POST /evil" }), "method"},
		"no method":                 {with(func(r *Request) { r.Method = "" }), "method"},
		"a line break in the URL":   {with(func(r *Request) { r.URL = "http://localhost/\r\nX-Evil: 1" }), "url"},
		"a space in the URL":        {with(func(r *Request) { r.URL = "http://localhost/ HTTP/1.0" }), "url"},
		"a URL that is not a whole": {with(func(r *Request) { r.URL = "/hooks" }), "url"},
	} {
		t.Run(name, func(t *testing.T) {
			for format, write := range map[string]func(io.Writer, Request) error{"http": WriteHTTP, "curl": WriteCurl} {
				var out strings.Builder
				var refused *EncodeError
				if err := write(&out, tt.request); !errors.As(err, &refused) || refused.Part != tt.part {
					t.Errorf("%s: got error %v, want an EncodeError about the %s", format, err, tt.part)
				}
				if out.Len() > 0 {
					t.Errorf("%s: wrote %q of a request it refused", format, out.String())
				}
			}
		})
	}
}
