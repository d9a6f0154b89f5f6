package tunnel

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// NewSession connects and returns a session over the links that connect makes, one at a time. Requests come in at the
// listener, which the session closes; it outlives the links. It is for those who write a [Provider].
func NewSession(ctx context.Context, listener net.Listener, connect Connect, o Options) (Session, error) {
	s := &session{options: o.withDefaults(), listener: listener, connect: connect, status: newReporter()}
	s.life, s.end = context.WithCancel(context.Background())
	s.tell(Status{State: StateConnecting})
	link, err := connect(ctx)
	if err != nil {
		s.end()
		return nil, errors.Join(err, listener.Close())
	}
	s.adopt(link)
	return s, nil
}

func (o Options) withDefaults() Options {
	o.GiveUp = cmp.Or(o.GiveUp, DefaultGiveUp)
	o.Drain = cmp.Or(o.Drain, DefaultDrain)
	if o.NewServer == nil {
		o.NewServer = DefaultServer
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	return o
}

type session struct {
	options  Options
	listener net.Listener
	connect  Connect
	status   *reporter
	told     string // the URL

	life context.Context // ends with Close
	end  context.CancelFunc

	mu     sync.Mutex
	link   Link
	since  time.Time // when the link was made
	served bool
}

func (s *session) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link.URL()
}

func (s *session) Status() <-chan Status { return s.status.news }

func (s *session) tell(status Status) {
	status.At = s.options.Now()
	s.status.tell(status)
}

func (s *session) adopt(link Link) {
	s.mu.Lock()
	s.link, s.since = link, time.Now()
	s.mu.Unlock()
	s.ready()
}

// ready tells of the URL, which may have changed since it was last told.
func (s *session) ready() {
	s.told = s.link.URL()
	s.tell(Status{State: StateReady, URL: s.told})
}

// take claims the one right to serve, or to close without having served.
func (s *session) take() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.served
	s.served = true
	return !taken
}

func (s *session) Close() error {
	s.end()
	if !s.take() {
		return nil // Serve tidies up
	}
	err := errors.Join(s.listener.Close(), s.link.Close())
	s.finish(nil)
	return err
}

func (s *session) finish(err error) {
	s.tell(Status{State: StateDown, Err: err})
	s.status.close()
}

func (s *session) Serve(ctx context.Context, handler http.Handler) error {
	if !s.take() {
		return ErrServed
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer context.AfterFunc(s.life, func() { stop(nil) })()

	server := s.options.NewServer(handler)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		if err := server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			stop(&serverError{err})
		}
	}()
	err := s.keep(ctx)
	if ctx.Err() != nil {
		err = nil
		if broken, ok := errors.AsType[*serverError](context.Cause(ctx)); ok {
			err = broken
		}
	}
	s.drain(server)
	<-stopped
	s.finish(err)
	return err
}

// serverError says that the listener of a session failed.
type serverError struct{ err error }

func (e *serverError) Error() string { return "no more requests can be taken: " + e.err.Error() }

func (e *serverError) Unwrap() error { return e.err }

// drain lets the requests under way finish, for a while.
func (s *session) drain(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), s.options.Drain)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}
