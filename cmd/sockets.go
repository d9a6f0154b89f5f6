package cmd

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"github.com/pocketbook-studio/pbhook/cmd/internal/owner"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// sockets are where a verb listens.
type sockets struct {
	listeners []net.Listener
	host      string // for URLs
	port      string
	exposed   bool // other machines can reach it
}

// portTakenError says that another process listens on a port already, and which, if that can be known.
type portTakenError struct{ port, by string }

func (e *portTakenError) Error() string {
	if e.by == "" {
		return "port " + e.port + " is taken"
	}
	return "port " + e.port + " is taken by " + e.by
}

func newPortTakenError(port string) error {
	number, _ := strconv.Atoi(port)
	if process, ok := owner.Listener(number); ok {
		return &portTakenError{port, process.String()}
	}
	return &portTakenError{port: port}
}

// errWindowsInUse is a number of Windows's own, which its syscall package does not map to the portable one.
const errWindowsInUse = syscall.Errno(10048)

func isTaken(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, errWindowsInUse)
}

// listenError says that an address cannot be listened on.
type listenError struct {
	address string
	err     error
}

func (e *listenError) Error() string {
	reason := e.err.Error()
	if system, ok := errors.AsType[syscall.Errno](e.err); ok {
		reason = system.Error()
	}
	return "cannot listen on " + e.address + ": " + reason
}

func (e *listenError) Unwrap() error { return e.err }

// anyPort is what --port takes for a free one in place of one that is taken.
const anyPort = "auto"

// openSockets listens on :PORT at both loopback addresses, for clients differ in which of them they call localhost, or on
// HOST:PORT as written. A bare PORT is :PORT. A port that is given beside the address is taken in place of its own.
func openSockets(ctx context.Context, env Env, address, port string) (*sockets, error) {
	host, own, err := splitAddress(address)
	if err != nil {
		return nil, err
	}
	if port != "" && port != anyPort {
		if own, err = parsePort("--port", port); err != nil {
			return nil, err
		}
	}
	s, err := openPort(ctx, env, host, own)
	if _, taken := errors.AsType[*portTakenError](err); taken && port == anyPort {
		return openPort(ctx, env, host, "0")
	}
	return s, err
}

func splitAddress(address string) (host, port string, err error) {
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	host, port, err = net.SplitHostPort(address)
	if err != nil {
		return "", "", &valueError{"ADDR", address, "is not :PORT or HOST:PORT"}
	}
	port, err = parsePort("ADDR", port)
	return host, port, err
}

func parsePort(flag, text string) (string, error) {
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", &valueError{flag, text, "has no port from 0 to 65535"}
	}
	return strconv.FormatUint(number, 10), nil
}

// portTries is how often a free port is asked for until both loopback addresses have it.
const portTries = 16

func openPort(ctx context.Context, env Env, host, port string) (s *sockets, err error) {
	if host != "" {
		return openOne(ctx, env, host, port)
	}
	for range portTries {
		if s, err = openLoopback(ctx, env, port); err == nil || port != "0" {
			return s, err
		}
	}
	return nil, err
}

func openLoopback(ctx context.Context, env Env, port string) (*sockets, error) {
	s, err := openOne(ctx, env, "127.0.0.1", port)
	if err != nil {
		return nil, err
	}
	s.host = "localhost"
	six, err := env.Listen(ctx, "tcp6", net.JoinHostPort("::1", s.port))
	switch {
	case err == nil:
		s.listeners = append(s.listeners, six)
	case isTaken(err):
		s.close()
		return nil, newPortTakenError(s.port)
	}
	// Any other error means that this machine has no IPv6, which is no reason not to listen.
	return s, nil
}

// close gives the sockets back; those that are served already are closed by their server.
func (s *sockets) close() {
	for _, listener := range s.listeners {
		_ = listener.Close()
	}
}

func openOne(ctx context.Context, env Env, host, port string) (*sockets, error) {
	listener, err := env.Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if isTaken(err) {
		return nil, newPortTakenError(port)
	}
	if err != nil {
		return nil, &listenError{net.JoinHostPort(host, port), err}
	}
	_, port, err = net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(host)
	exposed := host != "localhost" && (ip == nil || !ip.IsLoopback())
	return &sockets{listeners: []net.Listener{listener}, host: host, port: port, exposed: exposed}, nil
}

// leadsBack finds the route whose server is this one; empty if there is none.
func (s *sockets) leadsBack(routes []string) string {
	for _, text := range routes {
		route, err := forward.ParseRoute(text)
		if err != nil {
			continue
		}
		target, err := url.Parse(route.Target)
		if err != nil || target.Port() != s.port || len(s.listeners) == 0 {
			continue
		}
		ip := net.ParseIP(target.Hostname())
		if target.Hostname() == s.host || target.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return text
		}
	}
	return ""
}

// url is where webhooks are sent to; without a path of its own, the one of the guide's samples.
func (s *sockets) url(secure bool, path string) string {
	if len(s.listeners) == 0 {
		return ""
	}
	if path == "" {
		path = publicPath
	}
	host := s.host
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http://"
	if secure {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, s.port) + path
}
