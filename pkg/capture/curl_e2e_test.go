//go:build e2e

package capture

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestRealCurlSendsTheSameRequest pastes the command into sh and compares what arrives.
func TestRealCurlSendsTheSameRequest(t *testing.T) {
	var arrived *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived = r
		body, _ = io.ReadAll(r.Body)
	}))
	defer server.Close()

	for name, request := range corpus() {
		t.Run(name, func(t *testing.T) {
			request.URL = strings.Replace(request.URL, "http://localhost:3000", server.URL, 1)
			var command strings.Builder
			if err := WriteCurl(&command, request); err != nil {
				t.Fatal(err)
			}
			arrived = nil
			shell := exec.Command("sh")
			shell.Stdin = strings.NewReader(command.String())
			if out, err := shell.CombinedOutput(); err != nil || arrived == nil {
				t.Fatalf("%v: %s\n%s", err, out, command.String())
			}
			if !bytes.Equal(body, request.Body) {
				t.Errorf("body: got %q, want %q", body, request.Body)
			}
			target, err := url.Parse(request.URL)
			if err != nil {
				t.Fatal(err)
			}
			if arrived.Method != request.Method || arrived.RequestURI != target.RequestURI() {
				t.Errorf("got %s %s, want %s %s", arrived.Method, arrived.RequestURI, request.Method, target.RequestURI())
			}
			sameHeader(t, request, arrived)
		})
	}
}

func sameHeader(t *testing.T, request Request, arrived *http.Request) {
	t.Helper()
	if hosts := request.Values("Host"); len(hosts) > 0 && arrived.Host != hosts[0] {
		t.Errorf("Host: got %q, want %q", arrived.Host, hosts[0])
	}
	for _, field := range request.Header {
		if strings.EqualFold(field.Name, "Host") || slices.Contains(framing, http.CanonicalHeaderKey(field.Name)) {
			continue
		}
		want := request.Values(field.Name)
		for i := range want {
			want[i] = strings.TrimSpace(want[i])
		}
		if got := arrived.Header.Values(field.Name); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", field.Name, got, want)
		}
	}
	for name := range arrived.Header {
		if len(request.Values(name)) == 0 && !slices.Contains(framing, name) {
			t.Errorf("curl added %s: %q", name, arrived.Header.Values(name))
		}
	}
}

var framing = []string{"Content-Length", "Transfer-Encoding"}
