package delivery

import (
	"errors"
	"strings"
	"testing"
)

func TestEndpoints(t *testing.T) {
	for name, tt := range map[string]struct {
		raw, url, host, port, line, target string
	}{
		"a path":                     {"http://localhost:3000/hooks", "http://localhost:3000/hooks", "localhost", "3000", "localhost:3000", "/hooks"},
		"no path":                    {"http://localhost:3000", "http://localhost:3000", "localhost", "3000", "localhost:3000", "/"},
		"the port of http":           {"http://example.com/", "http://example.com/", "example.com", "80", "example.com", "/"},
		"the port of https":          {"https://example.com/", "https://example.com/", "example.com", "443", "example.com", "/"},
		"a query":                    {"http://h/a?b=c%20d", "http://h/a?b=c%20d", "h", "80", "h", "/a?b=c%20d"},
		"a fragment is left out":     {"http://h/a#part", "http://h/a", "h", "80", "h", "/a"},
		"an escaped slash is kept":   {"http://h/a%2Fb", "http://h/a%2Fb", "h", "80", "h", "/a%2Fb"},
		"an IPv6 address":            {"http://[::1]:3000/", "http://[::1]:3000/", "::1", "3000", "[::1]:3000", "/"},
		"a zone stays off the wire":  {"http://[fe80::1%25eth0]:3000/", "http://[fe80::1%25eth0]:3000/", "fe80::1%eth0", "3000", "[fe80::1]:3000", "/"},
		"a colon without a port":     {"http://h:/a", "http://h:/a", "h", "80", "h", "/a"},
		"upper case in the scheme":   {"HTTP://h/a", "http://h/a", "h", "80", "h", "/a"},
		"a query that looks like it": {"http://h/?u=a@b", "http://h/?u=a@b", "h", "80", "h", "/?u=a@b"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseEndpoint(tt.raw)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != tt.url || got.host != tt.host || got.port != tt.port || got.hostLine() != tt.line || got.url.RequestURI() != tt.target {
				t.Errorf("got %s, host %q, port %q, Host: %q, target %q", got, got.host, got.port, got.hostLine(), got.url.RequestURI())
			}
		})
	}
}

func TestEndpointsThatAreRefused(t *testing.T) {
	for name, tt := range map[string]struct{ raw, reason string }{
		"nothing":                    {"", "is empty"},
		"no scheme":                  {"localhost:3000/hooks", "needs http://"},
		"a bare host":                {"localhost", "needs http://"},
		"another scheme":             {"ftp://localhost/", "needs http://"},
		"no host":                    {"http:///hooks", "names no host"},
		"only a port":                {"http://:3000/hooks", "names no host"},
		"port zero":                  {"http://localhost:0/", "port"},
		"a port that is too high":    {"http://localhost:65536/", "port"},
		"a port that is a word":      {"http://localhost:http/", "not a URL"},
		"a host that is not ASCII":   {"http://bücher.example/", "xn--"},
		"a line break":               {"http://localhost/\r\nX-Evil: 1", "not a URL"},
		"a user and password":        {"http://user:hunter2@localhost/", "user name or password"},
		"a user alone":               {"http://hunter2@localhost/", "user name or password"},
		"a password with a slash":    {"http://user:hunter2/x@localhost/", "not a URL"},
		"a password with a space":    {"http://user:hunter2 x@localhost/", "not a URL"},
		"a password with two @":      {"http://user:hunter2@x@localhost/", "user name or password"},
		"a password without scheme":  {"user:hunter2@localhost", "needs http://"},
		"a password after two slash": {"//user:hunter2@localhost", "needs http://"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{Endpoint: tt.raw, Secret: newSecret(t, secretText)})
			var refused *EndpointError
			if !errors.As(err, &refused) || !strings.Contains(refused.Reason, tt.reason) {
				t.Fatalf("got %v, want an EndpointError that it %s", err, tt.reason)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}
