package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

// drainTime is how long requests under way may take once the command is asked to end.
const drainTime = 25 * time.Second

// serverFlags say where webhooks are received, and with what bounds.
type serverFlags struct {
	port    string
	path    string
	maxBody int64
	tls     bool
	cert    string
	key     string

	connections int
}

func (s *serverFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&s.port, "port", "", "listen on this `PORT`; auto takes a free one where that of ADDR is taken")
	flags.IntVar(&s.connections, "max-connections", receiver.DefaultMaxConnections, "close connections beyond `N` at the same time")
	flags.BoolVar(&s.tls, "tls", false, "speak HTTPS with a certificate of this machine's own, made once and kept")
	flags.StringVar(&s.cert, "tls-cert", "", "speak HTTPS with the certificates in this PEM `FILE`")
	flags.StringVar(&s.key, "tls-key", "", "the key of --tls-cert, a PEM `FILE`")
}

func (s *serverFlags) addBounds(flags *pflag.FlagSet) {
	flags.StringVar(&s.path, "path", "", "take requests at this `PATH` alone; others are answered with 404 (default any, through a tunnel "+publicPath+")")
	flags.Int64Var(&s.maxBody, "max-body", receiver.DefaultMaxBody, "answer bodies above this many `BYTES` with 413")
}

// sockets opens the address, or none where there is a tunnel alone.
func (s *serverFlags) sockets(ctx context.Context, a *app, address string) (*sockets, error) {
	if address == "" {
		return new(sockets), nil
	}
	return openSockets(ctx, a.env, address, s.port)
}

// secure tells whether the server is to speak HTTPS.
func (s *serverFlags) secure() bool { return s.tls || s.cert != "" || s.key != "" }

// check refuses what no server could do.
func (s *serverFlags) check(c *cobra.Command) error {
	switch {
	case (s.cert == "") != (s.key == ""):
		return usagef(c, "--tls-cert and --tls-key go together")
	case s.tls && s.cert != "":
		return usagef(c, "--tls makes a certificate of its own; leave out --tls-cert, or --tls")
	case s.path != "" && s.path[0] != '/':
		return usagef(c, "--path is %q; it has to begin with /", s.path)
	case s.maxBody <= 0:
		return usagef(c, "--max-body is %d; it has to leave room for a body", s.maxBody)
	case c.Flags().Changed("max-connections") && s.connections < 1:
		return usagef(c, "--max-connections is %d; it takes at least one", s.connections)
	}
	return nil
}

// open makes the server; answers may take longest. Where its certificate is one of this machine, caCert is the file for clients.
func (s *serverFlags) open(a *app, handler http.Handler, longest time.Duration) (server *http.Server, caCert string, err error) {
	var once sync.Once
	server = receiver.NewServer(handler, receiver.Limits{
		WriteTimeout: time.Minute + longest, MaxConnections: s.connections,
		Refused: func() {
			once.Do(func() {
				a.view.Warning(fmt.Sprintf("more than %d connections at once: further ones are closed; --max-connections takes more", s.connections))
			})
		},
	})
	server.ErrorLog = log.New(io.Discard, "", 0) // peers that break off are no news
	if !s.secure() {
		return server, "", nil
	}
	if s.cert != "" {
		return server, "", s.useFiles(server)
	}
	usable := func(c config.Certificate) bool {
		expires, err := receiver.UseTLS(server, c.Certificate, c.Key)
		return err == nil && expires.After(a.env.Now().Add(7*24*time.Hour))
	}
	local, err := config.LocalCertificate(a.host(), usable, func() ([]byte, []byte, error) {
		return receiver.NewCertificate(a.env.Now())
	})
	if err != nil {
		return nil, "", err
	}
	a.view.Note("certificate of this machine: %s; send to it with --cacert", local.Path)
	_, err = receiver.UseTLS(server, local.Certificate, local.Key)
	return server, local.Path, err
}

func (s *serverFlags) useFiles(server *http.Server) error {
	certificate, err := os.ReadFile(s.cert)
	if err != nil {
		return err
	}
	key, err := os.ReadFile(s.key)
	if err != nil {
		return err
	}
	_, err = receiver.UseTLS(server, certificate, key)
	return err
}

// serve accepts on all sockets; the first that fails is sent on the channel.
func serve(server *http.Server, at *sockets) <-chan error {
	ended := make(chan error, len(at.listeners))
	secure := server.TLSConfig != nil // asked before Serve, which sets one of its own
	for _, listener := range at.listeners {
		go func() {
			if secure {
				ended <- server.ServeTLS(listener, "", "")
			} else {
				ended <- server.Serve(listener)
			}
		}()
	}
	return ended
}

// giveUpTime is how long answers to requests that are given up may take to reach their senders.
const giveUpTime = 5 * time.Second

// drain lets requests under way, and then what goes on behind them, come to an end, for drainTime at most. What is not through
// by then is given up: the servers behind are waited for no longer, and the senders told to come again.
func drain(ctx context.Context, server *http.Server, behind func(), giveUp func()) error {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err := shutDown(limited, server, behind)
	giveUp()
	if errors.Is(err, context.DeadlineExceeded) {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveUpTime)
		defer cancel()
		err = shutDown(last, server, behind)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &drainError{drainTime}
	}
	return err
}

func shutDown(ctx context.Context, server *http.Server, behind func()) error {
	if err := server.Shutdown(ctx); err != nil {
		return err
	}
	through := make(chan struct{})
	go func() { behind(); close(through) }()
	select {
	case <-through:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drainError says that requests were given up.
type drainError struct{ after time.Duration }

func (e *drainError) Error() string {
	return "requests under way did not end within " + e.after.String() + " and were given up"
}
