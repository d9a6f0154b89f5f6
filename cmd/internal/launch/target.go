package launch

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Target is where an app takes connections once it is ready. The zero Target is none.
type Target struct {
	text string
	host string
	port string
	get  string // a URL that has to answer, or nothing if a connection is enough
}

// ParseTarget reads :PORT or HOST:PORT, where a connection is enough, or an http(s) URL, which has to answer a GET with a
// status below 500. A [*TargetError] says what is wrong with another text.
func ParseTarget(text string) (Target, error) {
	if strings.Contains(text, "://") {
		return parseURL(text)
	}
	address := text
	if !strings.Contains(text, ":") {
		address = ":" + text
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return Target{}, &TargetError{text, "it is not :PORT, HOST:PORT or a URL"}
	}
	if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
		return Target{}, &TargetError{text, "it has no port from 1 to 65535"}
	}
	if host == "" {
		host = "localhost"
	}
	return Target{text: net.JoinHostPort(host, port), host: host, port: port}, nil
}

func parseURL(text string) (Target, error) {
	at, err := url.Parse(text)
	if err != nil || at.Hostname() == "" || at.User != nil {
		return Target{}, &TargetError{text, "it is not a URL with a host and without a password"}
	}
	port := at.Port()
	switch {
	case at.Scheme != "http" && at.Scheme != "https":
		return Target{}, &TargetError{text, "its scheme is not http or https"}
	case port == "" && at.Scheme == "http":
		port = "80"
	case port == "":
		port = "443"
	}
	return Target{text: at.String(), host: at.Hostname(), port: port, get: at.String()}, nil
}

// Address is the target of a connection to the host and port of t alone.
func (t Target) Address() Target {
	t.text, t.get = net.JoinHostPort(t.host, t.port), ""
	return t
}

// IsZero reports whether t is no target.
func (t Target) IsZero() bool { return t.host == "" }

func (t Target) String() string { return t.text }

// addresses of localhost are both: servers differ in which one they listen on.
func (t Target) addresses() []string {
	if t.host == "localhost" {
		return []string{net.JoinHostPort("127.0.0.1", t.port), net.JoinHostPort("::1", t.port)}
	}
	return []string{net.JoinHostPort(t.host, t.port)}
}

func (t Target) taken(ctx context.Context) bool { return t.connect(ctx) == nil }

// probe tells what is missing for the target to be ready.
func (t Target) probe(ctx context.Context) error {
	if t.get == "" {
		return t.connect(ctx)
	}
	return t.answers(ctx)
}

// connect takes the first address that answers; otherwise it gives the error of the first.
func (t Target) connect(ctx context.Context) error {
	var first error
	dialer := net.Dialer{Timeout: time.Second}
	for _, address := range t.addresses() {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return conn.Close()
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// answers asks without checking a certificate: nothing is sent but the question, and a development server often has none
// that could be checked.
func (t Target) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, t.get, nil)
	if err != nil {
		return err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("it answered %d", response.StatusCode)
	}
	return nil
}
