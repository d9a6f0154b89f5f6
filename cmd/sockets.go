package cmd

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"
	"syscall"
)

// sockets are where a verb listens.
type sockets struct {
	listeners []net.Listener
	host      string // for URLs
	port      string
	exposed   bool // other machines can reach it
}

// portTakenError says that another process listens on a port already.
type portTakenError struct{ port string }

func (e *portTakenError) Error() string { return "port " + e.port + " is taken" }

// openSockets listens on :PORT at both loopback addresses, for clients differ in which of them they call localhost, or on
// HOST:PORT as written. A bare PORT is :PORT.
func openSockets(ctx context.Context, env Env, address string) (*sockets, error) {
	if !strings.Contains(address, ":") {
		address = ":" + address
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &valueError{"ADDR", address, "is not :PORT or HOST:PORT"}
	}
	if number, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil, &valueError{"ADDR", address, "has no port from 0 to 65535"}
	} else if port = strconv.FormatUint(number, 10); host != "" {
		return openOne(ctx, env, host, port)
	}
	s, err := openOne(ctx, env, "127.0.0.1", port)
	if err != nil {
		return nil, err
	}
	s.host = "localhost"
	six, err := env.Listen(ctx, "tcp6", net.JoinHostPort("::1", s.port))
	switch {
	case err == nil:
		s.listeners = append(s.listeners, six)
	case errors.Is(err, syscall.EADDRINUSE):
		_ = s.listeners[0].Close()
		return nil, &portTakenError{s.port}
	}
	// Any other error means that this machine has no IPv6, which is no reason not to listen.
	return s, nil
}

func openOne(ctx context.Context, env Env, host, port string) (*sockets, error) {
	listener, err := env.Listen(ctx, "tcp", net.JoinHostPort(host, port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &portTakenError{port}
	}
	if err != nil {
		return nil, err
	}
	_, port, err = net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	ip := net.ParseIP(host)
	exposed := host != "localhost" && (ip == nil || !ip.IsLoopback())
	return &sockets{listeners: []net.Listener{listener}, host: host, port: port, exposed: exposed}, nil
}

// url is where webhooks are sent to; without a path of its own, the one of the guide's samples.
func (s *sockets) url(path string) string {
	if path == "" {
		path = "/webhooks/pocketbook"
	}
	host := s.host
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, s.port) + path
}
