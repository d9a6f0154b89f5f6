package cmd

import (
	"context"
	"net/http"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

const (
	// openTime is how long a tunnel may take to be opened, questions to the user included.
	openTime = 2 * time.Minute
	// probeTime is how long the first request through a public URL may take to arrive: names take their time to be known.
	probeTime = time.Minute
)

// publicPath is the path of the guide's samples, and the one that is open to the public without --path.
const publicPath = "/webhooks/pocketbook"

// openTunnel is a public URL that leads to a handler; the zero value leads nowhere.
type openTunnel struct {
	session tunnel.Session
	url     string
	ended   chan error // of serving
	done    chan struct{}
}

// open opens the tunnel, serves what comes in, and proves that the public URL leads here.
func (t *tunnelFlags) open(ctx context.Context, a *app, in *intake, handler http.Handler, server serverFlags, longest time.Duration) (*openTunnel, error) {
	if !t.wanted() {
		return new(openTunnel), nil
	}
	provider, err := t.provider(ctx, a)
	if err != nil {
		return nil, err
	}
	if !provider.Caps().Durable {
		a.view.Note("this tunnel forgets what arrives while you are away; Pocketbook's retries are your safety net")
	}
	opening, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	session, err := provider.Open(opening, tunnel.Options{
		NewServer: func(handler http.Handler) *http.Server {
			return receiver.NewServer(handler, receiver.Limits{WriteTimeout: time.Minute + longest})
		},
		Listen: a.env.Listen, Now: a.env.Now,
	})
	if err != nil {
		return nil, err
	}
	path := server.path
	if path == "" {
		path = publicPath
	}
	door := tunnel.NewDoor(in.fromTunnel(handler), tunnel.DoorOptions{Path: path, MaxBody: server.maxBody, Now: a.env.Now})
	open := &openTunnel{session: session, url: session.URL() + path, ended: make(chan error, 1), done: make(chan struct{})}
	go func() { open.ended <- session.Serve(context.WithoutCancel(ctx), door) }()
	go open.watch(a, in)
	if t.noProbe {
		return open, nil
	}
	probing, stop := context.WithTimeout(ctx, probeTime)
	defer stop()
	if err := door.Confirm(probing, t.probeTransport(a), session.URL()); err != nil {
		open.close()
		return nil, err
	}
	return open, nil
}

func (t *tunnelFlags) probeTransport(a *app) http.RoundTripper {
	if a.env.Transport != nil {
		return a.env.Transport
	}
	return delivery.NewTransport(delivery.TransportOptions{Proxy: http.ProxyFromEnvironment})
}

// watch tells how the tunnel is, until it is no more.
func (o *openTunnel) watch(a *app, in *intake) {
	defer close(o.done)
	ready := false
	for status := range o.session.Status() {
		if status.State == tunnel.StateReady && !ready {
			ready = true // the line that says ready is said once requests arrive
			continue
		}
		a.view.Tunnel(view.Tunnel{Status: status, LastEvent: in.desk.latest(), Now: a.env.Now()})
	}
}

// close ends the tunnel; requests under way are finished.
func (o *openTunnel) close() {
	if o.session == nil {
		return
	}
	_ = o.session.Close()
	<-o.done
}
