package capture

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzWriteCurl keeps the law that a shell hands curl exactly the body and the header that were captured.
func FuzzWriteCurl(f *testing.F) {
	for _, request := range corpus() {
		if len(request.Body) <= 4096 {
			f.Add(request.Body, "it's $HOME")
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, value string) {
		request := Request{Method: "POST", URL: "http://localhost:3000/", Header: []Field{{"X-A", value}}, Body: body}
		var command strings.Builder
		if err := WriteCurl(&command, request); err != nil {
			if !strings.ContainsAny(value, "\r\n\x00") {
				t.Fatalf("refused without a reason: %v", err)
			}
			return
		}
		got := runCurl(t, command.String())
		if !bytes.Equal(got.body, body) {
			t.Fatalf("body: got %q, want %q\n%s", got.body, body, command.String())
		}
		if want := strings.TrimSpace(value); len(got.header) != 1 || got.header[0].Value != want {
			t.Fatalf("header: got %q, want %q\n%s", got.header, want, command.String())
		}
	})
}
