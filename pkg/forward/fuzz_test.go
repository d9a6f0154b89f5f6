package forward_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// A route that is read sends to the host it names, and is read again from what it is written as.
func FuzzParseRoute(f *testing.F) {
	for _, text := range []string{"http://localhost:3000/a?b=c", "voucher.*=http://localhost", "a,b=https://[::1]:1/", "=http://x", "[=http://x", "http://u:p@x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		route, err := forward.ParseRoute(text)
		if err != nil {
			return
		}
		if again, err := forward.ParseRoute(route.String()); err != nil || again.String() != route.String() {
			t.Fatalf("%q is written as %q and then read as %q: %v", text, route, again, err)
		}
		if _, err := forward.New(forward.Options{Routes: []forward.Route{route}}); err != nil {
			t.Fatalf("%q was read but is refused: %v", text, err)
		}
	})
}

func FuzzParseFaults(f *testing.F) {
	for _, text := range []string{"delay=2s@10%,duplicate@5%,drop@1%,reorder@5%,status=500@20%", "drop", "status=1@2@3%", ",", "delay=@%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := forward.ParseFaults(text)
		if err != nil {
			return
		}
		for _, fault := range faults {
			if !(fault.Share >= 0 && fault.Share <= 1) || fault.Delay < 0 || fault.Status != 0 && (fault.Status < 200 || fault.Status > 599) {
				t.Fatalf("%q was read as %+v", text, fault)
			}
		}
		if _, err := forward.New(forward.Options{Faults: faults}); err != nil {
			t.Fatalf("%q was read but is refused: %v", text, err)
		}
	})
}

// wiretap writes requests down as net/http puts them on the wire.
type wiretap struct{ bytes.Buffer }

func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Write(&w.Buffer); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

// Whatever the header, one request reaches the target, to its host, with the body as it is, and no line that belongs to
// another connection.
func FuzzHeader(f *testing.F) {
	f.Add("Connection: close, X-Secret\nX-Secret: 1\nx-tag: a\nX-TAG: b", "{}")
	f.Add("Host: evil.example\ncontent-length: 0\nTransfer-Encoding: chunked\nUser-Agent: \nuser-agent: x", "")
	f.Add("X: \r\r\nTe: x\n:path: /\nCookie: a\nAuthorization : b\nProxy-Authorization: c\nExpect: 100-continue", "\x00\xff")
	f.Fuzz(func(t *testing.T, lines, content string) {
		var header []capture.Field
		for line := range strings.SplitSeq(lines, "\n") {
			name, value, _ := strings.Cut(line, ": ")
			header = append(header, capture.Field{Name: name, Value: value})
		}
		tap := new(wiretap)
		forwarder, err := forward.New(forward.Options{Routes: to("http://target.example/hooks"), Transport: tap})
		if err != nil {
			t.Fatal(err)
		}
		request := capture.Request{URL: "http://" + lines, Header: header, Body: []byte(content)}
		if answer := forwarder.Forward(t.Context(), forward.Delivery{Request: request}).Answers[0]; !answer.OK() {
			t.Fatalf("not sent: %v", answer.Err)
		}
		head, sent, _ := strings.Cut(tap.String(), "\r\n\r\n")
		if sent != content {
			t.Fatalf("body %q was sent as %q", content, sent)
		}
		for i, line := range strings.Split(head, "\r\n") {
			name, value, _ := strings.Cut(line, ": ")
			switch name = strings.ToLower(name); {
			case i == 0 && line != "POST /hooks HTTP/1.1", name == "host" && value != "target.example", strings.ContainsAny(line, "\r\n\x00"):
				t.Fatalf("line %d is %q", i, line)
			case ownLine(name), i > 0 && name != "host" && name != "content-length" && !carried(header, name, value):
				t.Fatalf("line %q does not belong there", line)
			}
		}
	})
}

func ownLine(name string) bool {
	switch name {
	case "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
		"transfer-encoding", "upgrade", "expect", "authorization", "cookie":
		return true
	}
	return false
}

// carried tells whether the request has such a line and does not list it as one of its connection.
func carried(header []capture.Field, name, value string) bool {
	found := false
	for _, field := range header {
		if strings.EqualFold(field.Name, name) && strings.Trim(field.Value, " \t") == strings.Trim(value, " \t") {
			found = true
		}
		if strings.EqualFold(field.Name, "connection") && strings.EqualFold(field.Value, name) {
			return false
		}
	}
	return found
}
