package ssh

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// Destination is a user at an SSH server.
type Destination struct {
	User string // empty is the one that the service wants
	Host string // name or IP address
	Port int    // 0 is the one of the service, 22 if it has none of its own
}

// ParseDestination reads "ssh://USER@HOST:PORT"; user and port may be left out. It returns a [*tunnel.OptionError].
func ParseDestination(text string) (Destination, error) {
	fail := func(reason string) (Destination, error) {
		return Destination{}, &tunnel.OptionError{Option: "SSH destination", Value: withoutPassword(text), Reason: reason}
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "ssh" || parsed.Opaque != "" {
		return fail("is not ssh://USER@HOST:PORT")
	}
	if _, has := parsed.User.Password(); has {
		return fail("holds a password; keys and the agent are used instead")
	}
	switch {
	case parsed.Hostname() == "":
		return fail("has no host")
	case !isNameOrAddress(parsed.Hostname()):
		return fail("has a host that is no name and no IP address")
	case parsed.User != nil && parsed.User.Username() == "":
		return fail("has no user before the @")
	case strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "":
		return fail("goes on after host and port")
	}
	destination := Destination{User: parsed.User.Username(), Host: strings.ToLower(parsed.Hostname())}
	if port := parsed.Port(); port != "" {
		if destination.Port, err = parsePort(port); err != nil || destination.Port == 0 {
			return fail("has no port from 1 to 65535")
		}
	}
	return destination, nil
}

func parsePort(text string) (int, error) {
	port, err := strconv.ParseUint(text, 10, 16)
	return int(port), err
}

func isNameOrAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return isHost(host) && (err == nil || !strings.ContainsAny(host, ":%"))
}

func withoutPassword(text string) string {
	scheme, rest, isURL := strings.Cut(text, "://")
	user, host, hasUser := cutLast(rest, "@")
	if name, _, hasPassword := strings.Cut(user, ":"); isURL && hasUser && hasPassword {
		return scheme + "://" + name + ":…@" + host
	}
	return text
}

func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

// String writes the destination as [ParseDestination] reads it.
func (d Destination) String() string {
	text := url.URL{Scheme: "ssh", Host: d.Host}
	switch {
	case d.Port != 0:
		text.Host = d.address()
	case strings.Contains(d.Host, ":"):
		text.Host = "[" + d.Host + "]"
	}
	if d.User != "" {
		text.User = url.User(d.User)
	}
	return text.String()
}

func (d Destination) address() string { return net.JoinHostPort(d.Host, strconv.Itoa(d.Port)) }

// Remote is where a server is asked to listen, as in the first part of ssh -R. What a host means there is up to the server:
// an address of its own, or at sish the wanted subdomain.
type Remote struct {
	Host string // empty is every address of the server
	Port int    // 0 lets the server choose
}

// ParseRemote reads "PORT", "HOST:PORT" or "*:PORT", as ssh -R does. It returns a [*tunnel.OptionError].
func ParseRemote(text string) (Remote, error) {
	remote, portText := Remote{Host: "localhost"}, text
	if strings.Contains(text, ":") {
		host, port, err := net.SplitHostPort(text)
		if err != nil {
			return Remote{}, &tunnel.OptionError{Option: "remote address", Value: text, Reason: "is not PORT or HOST:PORT"}
		}
		if remote.Host, portText = host, port; host == "*" {
			remote.Host = ""
		}
	}
	var err error
	if remote.Port, err = parsePort(portText); err != nil {
		return Remote{}, &tunnel.OptionError{Option: "remote address", Value: text, Reason: "has no port from 0 to 65535"}
	}
	return remote, nil
}

// String writes the address as [ParseRemote] reads it.
func (r Remote) String() string {
	host := r.Host
	if host == "" {
		host = "*"
	}
	return net.JoinHostPort(host, strconv.Itoa(r.Port))
}
