package receiver_test

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

// pipes is a network in memory: inside a synctest bubble its deadlines pass in no time at all.
type pipes struct {
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.accept:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// far is the server's end of a connection; it tells when the server let go of it.
type far struct {
	net.Conn
	once   sync.Once
	closed chan time.Time
}

func (f *far) Close() error {
	f.once.Do(func() { f.closed <- time.Now() })
	return f.Conn.Close()
}

// dial returns the sender's end, and the time at which the server closes the other.
func (p *pipes) dial() (net.Conn, <-chan time.Time) {
	near, server := net.Pipe()
	end := &far{Conn: server, closed: make(chan time.Time, 1)}
	p.accept <- end
	return near, end.closed
}

func serveInMemory(t *testing.T, options receiver.Options, limits receiver.Limits) *pipes {
	t.Helper()
	network := &pipes{accept: make(chan net.Conn), closed: make(chan struct{})}
	server := receiver.NewServer(receiver.New(options), limits)
	done := make(chan error, 1)
	go func() { done <- server.Serve(network) }()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return network
}

// dribble writes prompt at once and then a byte of slow each second, until the other end has gone.
func dribble(w io.Writer, prompt, slow string) {
	io.WriteString(w, prompt)
	for i := range len(slow) {
		if _, err := io.WriteString(w, slow[i:i+1]); err != nil {
			return
		}
		<-time.After(time.Second)
	}
}
