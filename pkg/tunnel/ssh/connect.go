package ssh

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

const (
	handshakeTimeout = 20 * time.Second // from dialling to being let in
	maxQuestions     = 5                // to the user, for one connection
	clientVersion    = "SSH-2.0-pbhook"
)

var errHandshake = errors.New("no answer within 20s")

// connector makes the links of one session, one after the other.
type connector struct {
	destination Destination
	service     service
	remote      Remote
	publicURL   string
	trust       func(context.Context, HostKey) (bool, error)
	hosts       hostKeys
	keys        keys
	dial        func(ctx context.Context, network, address string) (net.Conn, error)
	queue       *tunnel.Queue
	chosen      int // the port that a server chose, which is asked for again
}

// connect asks the user between handshakes, not within one: servers wait for a while only.
func (c *connector) connect(ctx context.Context) (tunnel.Link, error) {
	for range maxQuestions {
		words := newAnnouncement()
		client, shown, err := c.handshake(ctx, words)
		if err == nil {
			return c.forward(ctx, client, words)
		}
		if unknown, ok := errors.AsType[*UnknownHostError](err); ok {
			err = c.askTrust(ctx, unknown, shown)
		} else if locked, ok := errors.AsType[*LockedKeyError](err); ok {
			err = c.keys.unlock(ctx, locked)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, &AuthError{Destination: c.destination}
}

func (c *connector) askTrust(ctx context.Context, unknown *UnknownHostError, shown gossh.PublicKey) error {
	if c.trust == nil {
		return unknown
	}
	trusted, err := c.trust(ctx, unknown.Key)
	if err != nil {
		return err
	}
	if !trusted {
		return unknown
	}
	// For this session the key counts even if there is no file to remember it in.
	c.hosts.pins = append(slices.Clone(c.hosts.pins), unknown.Key.Fingerprint)
	return c.hosts.add(unknown.Key.Address, shown)
}

// attempt is what a handshake has to tell when it fails.
type attempt struct {
	shown   gossh.PublicKey // by the server
	verdict error           // on the key
	allowed []string        // methods; set once the server refused one
	offered []string
}

func (c *connector) handshake(ctx context.Context, words *announcement) (*gossh.Client, gossh.PublicKey, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, handshakeTimeout, errHandshake)
	defer cancel()
	known, err := c.hosts.read()
	if err != nil {
		return nil, nil, err
	}
	offer, err := c.keys.offer(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer offer.close()
	address := c.destination.address()
	conn, err := c.dial(ctx, "tcp", address)
	if err != nil {
		return nil, nil, &ConnectError{Address: address, Err: err}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()

	a := attempt{offered: offer.names}
	config := c.config(&a, offer, words)
	config.HostKeyAlgorithms = known.HostKeyAlgorithms(address)
	config.HostKeyCallback = func(host string, remote net.Addr, key gossh.PublicKey) error {
		a.shown, a.verdict = key, c.hosts.check(known, host, remote, key)
		return a.verdict
	}
	transport, channels, requests, err := gossh.NewClientConn(conn, address, config)
	if err != nil {
		_ = conn.Close()
		if locked := offer.locked(); locked != nil && a.verdict == nil {
			return nil, a.shown, locked
		}
		return nil, a.shown, c.explain(ctx, &a, err)
	}
	client := gossh.NewClient(transport, channels, requests)
	if !stop() {
		_ = client.Close()
		return nil, nil, &ConnectError{Address: address, Err: context.Cause(ctx)}
	}
	return client, a.shown, nil
}

func (c *connector) config(a *attempt, offer *offer, words *announcement) *gossh.ClientConfig {
	config := &gossh.ClientConfig{
		User:          c.destination.User,
		ClientVersion: clientVersion,
		BannerCallback: func(message string) error {
			for line := range strings.Lines(message[:min(len(message), maxLine)]) {
				words.said.Hear(line)
			}
			return nil
		},
		// It chooses nothing, but is told what the server would take.
		AuthCallback: func(state *gossh.ClientAuthContext) (gossh.AuthMethod, error) {
			a.allowed = state.AllowedMethods
			return nil, nil
		},
	}
	if len(offer.signers) > 0 {
		config.Auth = append(config.Auth, gossh.PublicKeys(offer.signers...))
	}
	if c.service.password {
		config.Auth = append(config.Auth, gossh.Password(""))
	}
	// Some servers greet this way and ask nothing.
	config.Auth = append(config.Auth, gossh.KeyboardInteractive(
		func(_, _ string, questions []string, _ []bool) ([]string, error) {
			if len(questions) > 0 {
				return nil, errors.New("the server asks for an answer at the keyboard")
			}
			return nil, nil
		}))
	return config
}

// explain turns the error of a handshake into one that says what to do about.
func (c *connector) explain(ctx context.Context, a *attempt, err error) error {
	address := c.destination.address()
	if a.verdict != nil {
		return a.verdict
	}
	if cause := context.Cause(ctx); cause != nil {
		return &ConnectError{Address: address, Err: cause}
	}
	_, isNetwork := errors.AsType[net.Error](err)
	if len(a.allowed) > 0 && !isNetwork && !errors.Is(err, io.EOF) {
		return &AuthError{Destination: c.destination, Allowed: a.allowed, Offered: a.offered}
	}
	return &ConnectError{Address: address, Err: err}
}
