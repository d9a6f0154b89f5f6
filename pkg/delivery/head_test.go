package delivery

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// TestTheWireHoldsWhatRequestSays compares what Client.Request promises with the bytes that arrive, over net/http as an
// attempt sends and over the lane of a load run.
func TestTheWireHoldsWhatRequestSays(t *testing.T) {
	for name, options := range map[string]Options{
		"as it is":                 {},
		"with a user agent":        {UserAgent: "pbhook/1.2"},
		"with a previous secret":   {Previous: newSecret(t, previousText)},
		"unsigned":                 {Unsigned: true},
		"with headers added":       {Header: []capture.Field{{Name: "X-B", Value: "2"}, {Name: "a", Value: " 1 "}, {Name: "X-B", Value: "1"}}},
		"with headers replaced":    {Header: []capture.Field{{Name: "content-type", Value: "text/plain"}, {Name: "USER-AGENT", Value: "me"}}},
		"with a signature by hand": {Header: []capture.Field{{Name: "x-webhook-signature", Value: "t=1,v1=00"}}},
		"with two signatures":      {Header: []capture.Field{{Name: "X-Webhook-Signature", Value: "t=1"}, {Name: "X-Webhook-Signature", Value: "t=2"}}},
		"without a user agent":     {Header: []capture.Field{{Name: "User-Agent", Value: ""}}},
		"with an empty header":     {Header: []capture.Field{{Name: "X-Empty", Value: ""}}},
		"with another host":        {Header: []capture.Field{{Name: "Host", Value: "pocketbook.example:81"}}},
		"with connection close":    {Header: []capture.Field{{Name: "Connection", Value: "close"}}},
		"with a tampered body":     {Tamper: TamperBody},
	} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan string, 1)
			options.Endpoint = serveRaw(t, func(conn net.Conn, _ int) {
				arrived <- readMessage(conn, len(eventBody))
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			}) + "/hooks?a=b"
			at := time.Unix(1700000000, 0)
			options.Now = clock(at)
			client := newClient(t, options)

			promised, err := client.Request(event(), at)
			if err != nil {
				t.Fatal(err)
			}
			attempt := client.Attempt(t.Context(), event(), 1)
			if attempt.Err != nil {
				t.Fatal(attempt.Err)
			}
			if diff := cmp.Diff(promised, attempt.Request); diff != "" {
				t.Error("attempt differs from request: " + diff)
			}
			var want strings.Builder
			if err := capture.WriteHTTP(&want, promised); err != nil {
				t.Fatal(err)
			}
			// An empty header may or may not have a space after its colon; it is the same header.
			loose := strings.NewReplacer(": \r\n", ":\r\n")
			if diff := cmp.Diff(loose.Replace(want.String()), loose.Replace(<-arrived)); diff != "" {
				t.Error("attempt: " + diff)
			}

			lane := client.openLane(t.Context(), Plan{})
			defer lane.close()
			if _, own := lane.(*wire); !own {
				t.Fatalf("the lane is a %T", lane)
			}
			sealed, err := client.seal.seal(event().Body, at)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := lane.exchange(t.Context(), sealed); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(loose.Replace(want.String()), loose.Replace(<-arrived)); diff != "" {
				t.Error("lane: " + diff)
			}
		})
	}
}

// readMessage reads a message with a body of a known size, byte for byte.
func readMessage(conn net.Conn, size int) string {
	var message []byte
	for buffer := make([]byte, 1); ; {
		if _, err := conn.Read(buffer); err != nil {
			return fmt.Sprintf("%s and then %v", message, err)
		}
		message = append(message, buffer[0])
		if head, body, found := strings.Cut(string(message), "\r\n\r\n"); found && len(body) == size {
			return head + "\r\n\r\n" + body
		}
	}
}

func TestHeadersThatAreRefused(t *testing.T) {
	for name, header := range map[string][]capture.Field{
		"a line break in a value":    {{Name: "X-A", Value: "hunter2\r\nX-Evil: 1"}},
		"a bare LF in a value":       {{Name: "X-A", Value: "hunter2\nX-Evil: 1"}},
		"NUL in a value":             {{Name: "X-A", Value: "hunter2\x00"}},
		"a line break in a name":     {{Name: "X-A\r\nX-Evil", Value: "1"}},
		"an empty name":              {{Name: "", Value: "1"}},
		"a space in a name":          {{Name: "X A", Value: "1"}},
		"a name that is not ASCII":   {{Name: "X-Ä", Value: "1"}},
		"a length of one's own":      {{Name: "content-length", Value: "1"}},
		"an encoding of one's own":   {{Name: "Transfer-Encoding", Value: "chunked"}},
		"trailers":                   {{Name: "Trailer", Value: "X-A"}},
		"two hosts":                  {{Name: "Host", Value: "a"}, {Name: "host", Value: "b"}},
		"no host":                    {{Name: "Host", Value: ""}},
		"a host with a path":         {{Name: "Host", Value: "a/b"}},
		"two user agents":            {{Name: "User-Agent", Value: "a"}, {Name: "User-Agent", Value: "b"}},
		"a host that is not ASCII":   {{Name: "Host", Value: "bücher.example"}},
		"a colon at the end of name": {{Name: "X-A:", Value: "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{Endpoint: "http://localhost/", Secret: newSecret(t, secretText), Header: header})
			var refused *OptionError
			if !errors.As(err, &refused) || refused.Option != "header" {
				t.Fatalf("got %v, want an OptionError about the header", err)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the value is in %q", err)
			}
		})
	}
	var refused *OptionError
	_, err := New(Options{Endpoint: "http://localhost/", Secret: newSecret(t, secretText), UserAgent: "a\r\nX-Evil: 1"})
	if !errors.As(err, &refused) || refused.Option != "user agent" {
		t.Errorf("got %v for a user agent of two lines", err)
	}
}

func TestHeaderNamesAreCanonicalInRequests(t *testing.T) {
	client := newClient(t, Options{Endpoint: "http://localhost/", Header: []capture.Field{{Name: "x-trace-id", Value: "1"}}})
	request, err := client.Request(event(), time.Unix(1700000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range request.Header {
		if field.Name != http.CanonicalHeaderKey(field.Name) {
			t.Errorf("%s is not canonical", field.Name)
		}
	}
}
