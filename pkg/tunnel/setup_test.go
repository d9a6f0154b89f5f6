package tunnel_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeLink is a link whose far end does as a test says.
type fakeLink struct {
	url  string
	ping func(context.Context) error // nil answers at once

	once  sync.Once
	ended chan struct{}
	err   error
	pings chan struct{}
}

func newLink(url string) *fakeLink {
	return &fakeLink{url: url, ended: make(chan struct{}), pings: make(chan struct{}, 100)}
}

func (l *fakeLink) URL() string { return l.url }

func (l *fakeLink) Ping(ctx context.Context) error {
	select {
	case l.pings <- struct{}{}:
	default:
	}
	if l.ping == nil {
		return nil
	}
	return l.ping(ctx)
}

func (l *fakeLink) Wait() error {
	<-l.ended
	return l.err
}

func (l *fakeLink) Close() error {
	l.lose(nil)
	return nil
}

func (l *fakeLink) lose(err error) {
	l.once.Do(func() {
		l.err = err
		close(l.ended)
	})
}

// deaf never answers, as the far end of a half-open connection.
func (l *fakeLink) deaf(context.Context) error {
	<-l.ended
	return errors.New("closed")
}

// farEnd gives out links one after the other, and errors in place of those that are nil.
type farEnd struct {
	mu    sync.Mutex
	links []*fakeLink
	err   error
	dials int
}

func (f *farEnd) connect(context.Context) (tunnel.Link, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dials++
	if len(f.links) == 0 {
		return nil, f.err
	}
	link := f.links[0]
	f.links = f.links[1:]
	if link == nil {
		return nil, f.err
	}
	return link, nil
}

// bench is a session that is being served, in a bubble.
type bench struct {
	tunnel.Session

	queue *tunnel.Queue
	ended chan error
}

func serve(t *testing.T, far *farEnd, o tunnel.Options, handler http.Handler) *bench {
	t.Helper()
	b := &bench{queue: tunnel.NewQueue(&net.TCPAddr{}, 4), ended: make(chan error, 1)}
	if o.Rand == nil {
		o.Rand = func() float64 { return 1 }
	}
	var err error
	if b.Session, err = tunnel.NewSession(t.Context(), b.queue, far.connect, o); err != nil {
		t.Fatal(err)
	}
	go func() { b.ended <- b.Serve(context.Background(), handler) }()
	synctest.Wait()
	return b
}

// next returns the news that comes next, which has to be of this state.
func (b *bench) next(t *testing.T, want tunnel.State) tunnel.Status {
	t.Helper()
	got, ok := <-b.Status()
	if !ok || got.State != want {
		t.Fatalf("next status = %+v, %v, want %s", got, ok, want)
	}
	return got
}

// ask sends a request through the tunnel and returns the answer's status.
func (b *bench) ask(t *testing.T) (status int, err error) {
	t.Helper()
	near, far := net.Pipe()
	defer near.Close()
	if !b.queue.Put(far) {
		return 0, net.ErrClosed
	}
	go near.Write([]byte("POST / HTTP/1.1\r\nHost: public.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
	response, err := http.ReadResponse(bufio.NewReader(near), nil)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, nil
}
