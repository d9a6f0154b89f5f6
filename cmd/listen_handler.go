package cmd

import (
	"context"
	"net/http"
	"sync"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

// handler receives with these secrets.
func (o *listenOptions) handler(ctx context.Context, a *app, in *intake, secrets config.Secrets) (http.Handler, error) {
	_, schemas, err := a.library(o.library)
	if err != nil {
		return nil, err
	}
	options, err := o.verdict.receiver(a, secrets, schemas, in)
	if err != nil {
		return nil, err
	}
	options.MaxBody, options.Path = o.server.maxBody, o.server.path
	if options.Seen, err = in.store.SeenIDs(ctx, receiver.DefaultRememberIDs); err != nil {
		return nil, err
	}
	return receiver.New(options), nil
}

// switchable is a handler that can be replaced while it serves. It is safe for concurrent use.
type switchable struct {
	mu      sync.RWMutex
	handler http.Handler
}

func (s *switchable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	handler := s.handler
	s.mu.RUnlock()
	handler.ServeHTTP(w, r)
}

func (s *switchable) set(handler http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handler = handler
}

// renew receives with the secret of a webhook that was registered just now.
func (o *listenOptions) renew(ctx context.Context, a *app, in *intake, handler *switchable, secrets config.Secrets) error {
	replayer, err := o.forward.openReplayer(a, secrets.Current)
	if err != nil {
		return err
	}
	if in.replayer != nil {
		in.replayer.Close()
	}
	in.replayer = replayer
	next, err := o.handler(ctx, a, in, secrets)
	if err != nil {
		return err
	}
	handler.set(next)
	return nil
}
