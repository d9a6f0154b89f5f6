package cmd

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"
)

// Env is everything of the process that pbhook touches; main fills it, tests fake it.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	LookupEnv      func(string) (string, bool)
	Now            func() time.Time
	Rand           io.Reader
	// Transport replaces the network for every outgoing request; nil means one built from the TLS and proxy settings.
	Transport http.RoundTripper
	Listen    func(ctx context.Context, network, addr string) (net.Listener, error)
}

// Version is what a release build knows of itself; Commit and Date may be empty.
type Version struct {
	Number, Commit, Date string
}
