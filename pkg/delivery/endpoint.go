package delivery

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// EndpointError says why nothing can be sent to an endpoint.
type EndpointError struct {
	Endpoint string // as given, with user name and password hidden
	Reason   string // "needs http:// or https:// in front", …
}

func (e *EndpointError) Error() string { return fmt.Sprintf("endpoint %q %s", e.Endpoint, e.Reason) }

// endpoint is a URL that has passed parseEndpoint.
type endpoint struct {
	url        *url.URL
	host, port string // the port is always set
}

func (e endpoint) String() string { return e.url.String() }

// hostLine is the value of the Host header: as in the URL, without an empty port and without the zone of an address, which
// means nothing to the other side (RFC 6874).
func (e endpoint) hostLine() string {
	host := strings.TrimSuffix(e.url.Host, ":")
	if address, rest, zoned := strings.Cut(host, "%"); zoned {
		return address + rest[strings.IndexByte(rest, ']'):]
	}
	return host
}

func (e endpoint) secure() bool { return e.url.Scheme == "https" }

// ParseEndpoint reads a URL that requests can be sent to, as [New] does, and returns it without its fragment. The error is
// an [*EndpointError].
func ParseEndpoint(raw string) (*url.URL, error) {
	target, err := parseEndpoint(raw)
	return target.url, err
}

func parseEndpoint(raw string) (endpoint, error) {
	refused := func(reason string) (endpoint, error) {
		return endpoint{}, &EndpointError{Endpoint: hideUserinfo(raw), Reason: reason}
	}
	if raw == "" {
		return refused("is empty")
	}
	// The error of url.Parse quotes what it could not read, which may be a password.
	u, err := url.Parse(raw)
	if err != nil {
		return refused("is not a URL")
	}
	port := portOf(u)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return refused("needs http:// or https:// in front")
	case u.User != nil:
		return refused("holds a user name or password; send an Authorization header instead")
	case u.Hostname() == "":
		return refused("names no host")
	case strings.ContainsFunc(u.Host, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return refused("has a host that is not ASCII; write it in its xn-- form")
	}
	if u.Port() != "" {
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return refused("has a port outside 1 to 65535")
		}
	}
	u.Fragment, u.RawFragment = "", ""
	return endpoint{url: u, host: u.Hostname(), port: port}, nil
}

// portOf returns the port that the URL names or means.
func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// hideUserinfo works on any text, also on one that is not a URL.
func hideUserinfo(raw string) string {
	at := strings.LastIndexByte(raw, '@')
	if at < 0 {
		return raw
	}
	begin := 0
	if scheme := strings.Index(raw[:at], "://"); scheme >= 0 {
		begin = scheme + len("://")
	}
	return raw[:begin] + "…" + raw[at:]
}
