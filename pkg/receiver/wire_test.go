package receiver_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

func TestReceiptHoldsWhatWasOnTheWire(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	body := "{\"id\":\"evt_1\", \"type\":\"a.b\",\r\n\"created\":1,\"data\":{\"n\":1.0,\"s\":\"\\u00e9\\/\"}}\n"
	tests := []struct {
		name, request string
		want          capture.Request
	}{
		{
			"repeated headers, an escaped path and a query",
			"POST /a%2Fb/../c?x=%20&x=2 HTTP/1.1\r\nhost: localhost:3000\r\nX-TAG: b\r\ncontent-length: 75\r\nx-tag: a\r\nX-Tag: b\r\n\r\n" + body,
			capture.Request{
				Method: "POST", URL: "http://localhost:3000/a%2Fb/../c?x=%20&x=2", Proto: "HTTP/1.1", Body: []byte(body), Time: now,
				Header: []capture.Field{
					{Name: "Host", Value: "localhost:3000"},
					{Name: "Content-Length", Value: "75"},
					{Name: "X-Tag", Value: "b"}, {Name: "X-Tag", Value: "a"}, {Name: "X-Tag", Value: "b"},
				},
			},
		},
		{
			"chunks, and a body said to be compressed",
			"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\x1f\x8b\x08\r\n1\r\n\x00\r\n0\r\n\r\n",
			capture.Request{
				Method: "POST", URL: "http://x/", Proto: "HTTP/1.1", Body: []byte("\x1f\x8b\x08\x00"), Time: now,
				Header: []capture.Field{
					{Name: "Host", Value: "x"},
					{Name: "Content-Encoding", Value: "gzip"},
					{Name: "Transfer-Encoding", Value: "chunked"},
				},
			},
		},
		{
			"HTTP/1.0 without a header",
			"POST / HTTP/1.0\r\n\r\n",
			capture.Request{Method: "POST", URL: "http://HERE/", Proto: "HTTP/1.0", Header: []capture.Field{}, Body: []byte{}, Time: now},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := serve(t, receiver.Options{Now: func() time.Time { return now }})
			target, err := url.Parse(b.url)
			if err != nil {
				t.Fatal(err)
			}
			conn, err := net.Dial("tcp", target.Host)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			io.WriteString(conn, tt.request)
			if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
				t.Fatal(err)
			}
			tt.want.URL = strings.Replace(tt.want.URL, "HERE", target.Host, 1)
			tt.want.RemoteAddr = conn.LocalAddr().String()
			if diff := cmp.Diff(tt.want, b.only(t).Request); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}
