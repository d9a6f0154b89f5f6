package ngrok

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.ngrok.com/ngrok/v2"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

const (
	connectTimeout    = 20 * time.Second
	heartbeatInterval = 15 * time.Second
	heartbeatTimeout  = 10 * time.Second
	closeTimeout      = 2 * time.Second // for telling ngrok that this was the end
)

var (
	errSlow  = errors.New("no answer within 20s")
	errEnded = errors.New("ngrok ended the tunnel")
)

// link is an agent of ngrok's library, which may connect several times.
type link struct {
	token    Token
	agent    ngrok.Agent
	endpoint ngrok.EndpointListener
	life     context.Context // the library dials within it, at any time
	end      context.CancelCauseFunc
	accepted sync.WaitGroup

	mu        sync.Mutex
	connected bool  // once
	away      error // why it is not connected at present
}

func (p Provider) connect(ctx context.Context, at string, queue *tunnel.Queue) (tunnel.Link, error) {
	l := &link{token: p.Token}
	l.life, l.end = context.WithCancelCause(context.Background())
	opening, cancel := context.WithTimeoutCause(ctx, connectTimeout, errSlow)
	defer cancel()
	stop := context.AfterFunc(opening, func() { l.end(&ConnectError{context.Cause(opening)}) })
	defer stop()
	options := []ngrok.AgentOption{
		ngrok.WithAuthtoken(p.Token.Reveal()),
		ngrok.WithEventHandler(l.hear),
		ngrok.WithHeartbeatInterval(heartbeatInterval),
		ngrok.WithHeartbeatTolerance(heartbeatTimeout),
		ngrok.WithLogger(slog.New(slog.DiscardHandler)),
	}
	if p.ConnectURL != "" {
		options = append(options, ngrok.WithAgentConnectURL(p.ConnectURL))
	}
	if p.ConnectCAs != nil {
		options = append(options, ngrok.WithAgentConnectCAs(p.ConnectCAs))
	}
	var err error
	if l.agent, err = ngrok.NewAgent(options...); err != nil {
		return nil, err
	}
	if l.endpoint, err = l.agent.Listen(l.life, ngrok.WithURL(at)); err != nil {
		_ = l.Close()
		return nil, l.explain(err)
	}
	if !stop() {
		_ = l.Close()
		return nil, context.Cause(l.life)
	}
	l.accepted.Go(func() { l.accept(queue) })
	return l, nil
}

// explain prefers what ended the link to what the library made of it.
func (l *link) explain(err error) error {
	if cause := context.Cause(l.life); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	if refused := refusal(err, l.token); refused != nil {
		return refused
	}
	return &ConnectError{err}
}

// hear is called by the library, which waits for it. Until the first connection stands every failure is the last: the
// session decides whether to try again.
func (l *link) hear(event ngrok.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch event := event.(type) {
	case *ngrok.EventAgentConnectSucceeded:
		l.connected, l.away = true, nil
	case *ngrok.EventAgentDisconnected:
		refused := refusal(event.Error, l.token)
		switch {
		case refused != nil:
			l.end(refused)
		case event.Error == nil:
			l.end(errEnded)
		case !l.connected:
			l.end(&ConnectError{event.Error})
		default:
			l.away = event.Error
		}
	}
}

// accept hands on connections until the endpoint ends, which ends the link.
func (l *link) accept(queue *tunnel.Queue) {
	for {
		conn, err := l.endpoint.Accept()
		if err != nil {
			l.end(errEnded)
			return
		}
		if !queue.Put(conn) {
			_ = conn.Close()
		}
	}
}

func (l *link) URL() string { return l.endpoint.URL().String() }

// Ping tells what the library's own heartbeat found.
func (l *link) Ping(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away != nil {
		return fmt.Errorf("%s: %w", l.token.hide(l.away.Error()), tunnel.ErrInterrupted)
	}
	return nil
}

func (l *link) Wait() error {
	<-l.life.Done()
	if cause := context.Cause(l.life); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// Close tells ngrok, but waits for a while only.
func (l *link) Close() error {
	l.end(nil)
	left := make(chan struct{})
	go func() {
		defer close(left)
		_ = l.agent.Disconnect()
		l.accepted.Wait()
	}()
	timer := time.NewTimer(closeTimeout)
	defer timer.Stop()
	select {
	case <-left:
	case <-timer.C:
	}
	return nil
}
