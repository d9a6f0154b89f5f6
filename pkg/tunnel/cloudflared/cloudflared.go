// Package cloudflared opens quick tunnels by way of Cloudflare's program of that name, which has to be installed; no account
// is needed.
//
//	session, err := cloudflared.Provider{}.Open(ctx, tunnel.Options{})
//
// What the program knows is asked of it at its metrics port: whether it is connected, and the host that it was given. Its log,
// which is for people, is only quoted in errors.
package cloudflared

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/exec"
)

// DefaultTimeout is how long the program may take to be connected when [Provider.Timeout] is zero.
const DefaultTimeout = time.Minute

const pollEvery = 250 * time.Millisecond

// Provider opens quick tunnels.
type Provider struct {
	// Program is its name on PATH, or its path; empty is "cloudflared".
	Program string
	// Timeout is how long it may take to be connected; 0 is [DefaultTimeout].
	Timeout time.Duration
}

// NotReadyError says that the program runs, but is not connected.
type NotReadyError struct {
	After time.Duration
	Said  []string // the last lines that it wrote
}

func (e *NotReadyError) Error() string {
	text := fmt.Sprintf("cloudflared was not connected within %v", e.After)
	if len(e.Said) > 0 {
		text += "; it said: " + strings.Join(e.Said, " / ")
	}
	return text
}

// Name is "cloudflared".
func (p Provider) Name() string { return "cloudflared" }

// Caps tells that a program is needed.
func (p Provider) Caps() tunnel.Caps { return tunnel.Caps{NeedsBinary: true} }

// Open starts the program and returns when it is connected. It returns an [*exec.NotFoundError], an [*exec.ExitError] or a
// [*NotReadyError].
func (p Provider) Open(ctx context.Context, o tunnel.Options) (tunnel.Session, error) {
	listener, err := o.Loopback(ctx)
	if err != nil {
		return nil, err
	}
	return tunnel.NewSession(ctx, listener, func(ctx context.Context) (tunnel.Link, error) {
		return p.connect(ctx, listener.Addr(), o)
	}, o)
}

func (p Provider) connect(ctx context.Context, local net.Addr, o tunnel.Options) (tunnel.Link, error) {
	metrics, err := freeAddress(ctx, o)
	if err != nil {
		return nil, err
	}
	process, err := exec.Start([]string{
		cmp.Or(p.Program, "cloudflared"), "tunnel", "--no-autoupdate",
		// Rules in the user's own file would take the place of --url.
		"--config", os.DevNull,
		"--metrics", metrics, "--url", "http://" + local.String(),
	}, nil)
	if err != nil {
		return nil, err
	}
	l := &link{Process: process, metrics: newMetrics(metrics)}
	if err := p.await(ctx, l); err != nil {
		_ = process.Close()
		return nil, err
	}
	return l, nil
}

// freeAddress is one that was free a moment ago: the program takes no open socket.
func freeAddress(ctx context.Context, o tunnel.Options) (string, error) {
	listener, err := o.Loopback(ctx)
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// await returns once the link is connected and knows its host.
func (p Provider) await(ctx context.Context, l *link) error {
	timeout := cmp.Or(p.Timeout, DefaultTimeout)
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		select {
		case <-l.Ended():
			return l.Wait()
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-timer.C:
			return &NotReadyError{After: timeout, Said: l.Said()}
		case <-ticker.C:
		}
		if l.metrics.ready(ctx) != nil {
			continue
		}
		if host, err := l.metrics.host(ctx); err == nil {
			l.url = "https://" + host
			return nil
		}
	}
}

// link is the program while it is connected.
type link struct {
	*exec.Process

	metrics *metrics
	url     string
}

func (l *link) URL() string { return l.url }

// Ping asks whether any connection to Cloudflare is left. The program makes new ones by itself, and keeps its host; started
// anew, it would get another.
func (l *link) Ping(ctx context.Context) error { return l.metrics.ready(ctx) }
