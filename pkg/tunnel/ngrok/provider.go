package ngrok

import (
	"context"
	"crypto/x509"
	"net"
	"net/url"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// Provider opens tunnels for one account.
type Provider struct {
	Token Token
	// Domain is the one to listen at, which has to be the account's; empty lets ngrok choose.
	Domain string
	// ConnectURL is HOST:PORT of the service, for an account that has one of its own; empty is ngrok's.
	ConnectURL string
	// ConnectCAs are the authorities that vouch for the service; nil is ngrok's own.
	ConnectCAs *x509.CertPool
}

// pendingConns is how many connections wait until they are accepted.
const pendingConns = 128

// Name is "ngrok".
func (p Provider) Name() string { return "ngrok" }

// Caps tells that an account is needed, and that the URL is stable if the domain was given.
func (p Provider) Caps() tunnel.Caps {
	return tunnel.Caps{NeedsAccount: true, StableURL: p.Domain != ""}
}

// Open connects and returns when ngrok listens. It returns an error that wraps [ErrNoToken], a [*tunnel.OptionError], a
// [*ServiceError], or a [*ConnectError].
func (p Provider) Open(ctx context.Context, o tunnel.Options) (tunnel.Session, error) {
	if p.Token.Reveal() == "" {
		return nil, ErrNoToken
	}
	at, err := p.url()
	if err != nil {
		return nil, err
	}
	queue := tunnel.NewQueue(&net.TCPAddr{}, pendingConns)
	return tunnel.NewSession(ctx, queue, func(ctx context.Context) (tunnel.Link, error) {
		return p.connect(ctx, at, queue)
	}, o)
}

// url is what the domain is called by the library; without one any https URL.
func (p Provider) url() (string, error) {
	text := p.Domain
	if text == "" {
		return "https://", nil
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	at, err := url.Parse(text)
	if err != nil || at.Scheme != "https" || at.Hostname() == "" || at.User != nil || strings.Trim(at.Path, "/")+at.RawQuery+at.Fragment != "" {
		return "", &tunnel.OptionError{Option: "ngrok domain", Value: p.Domain, Reason: "is not a host such as hooks.ngrok.app"}
	}
	return "https://" + at.Host, nil
}
