package ssh_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"
	gossh "golang.org/x/crypto/ssh"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// server is an SSH server in memory that forwards as a test says.
type server struct {
	key    gossh.Signer
	config *gossh.ServerConfig
	says   func(host string, port uint32) string // into the session, when it listens
	refuse bool                                  // to listen
	mute   bool                                  // says not even its version
	port   uint32                                // chosen for a request of port 0

	mu       sync.Mutex
	links    []*serverLink
	listens  []string // requests to listen, in order
	commands []string // run in sessions; "" for a shell
	arrived  chan *serverLink
}

// serverLink is one client of the server that is let in.
type serverLink struct {
	*gossh.ServerConn

	wire    *wire
	session gossh.Channel // nil before the server has said anything
	listen  struct {
		Host string
		Port uint32
	}
}

func newServer(t testing.TB) *server {
	t.Helper()
	s := &server{
		key:     newKey(t),
		config:  &gossh.ServerConfig{NoClientAuth: true},
		says:    func(string, uint32) string { return "" },
		port:    40123,
		arrived: make(chan *serverLink, 100),
	}
	t.Cleanup(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, link := range s.links {
			link.wire.Close()
		}
	})
	return s
}

// sish is a server that behaves as sish does: it tells of URLs in colour.
func sish(t testing.TB) *server {
	s := newServer(t)
	s.says = func(host string, _ uint32) string {
		return fmt.Sprintf("\x1b[1mStarting SSH Forwarding service for \x1b[34mhttp:80\x1b[0m. Forwarded connections can be accessed via the following methods:\r\n"+
			"\x1b[31mHTTP\x1b[0m: http://%[1]s.tuns.example\r\n\x1b[32mHTTPS\x1b[0m: https://%[1]s.tuns.example\r\n\r\n", host)
	}
	return s
}

func newKey(t testing.TB) gossh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := gossh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func (s *server) fingerprint() string { return gossh.FingerprintSHA256(s.key.PublicKey()) }

// provider knows the server by its fingerprint.
func (s *server) provider() ssh.Provider {
	return ssh.Provider{
		Destination: ssh.Destination{User: "ada", Host: "tuns.example"},
		Remote:      ssh.Remote{Host: "hooks", Port: 80},
		HostKeys:    []string{s.fingerprint()},
		Dial:        s.dial,
	}
}

func (s *server) dial(context.Context, string, string) (net.Conn, error) {
	client, far := newWire()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mute {
		return client, nil
	}
	config := *s.config
	config.AddHostKey(s.key)
	go s.serve(far, &config)
	return client, nil
}

func (s *server) serve(far *wire, config *gossh.ServerConfig) {
	conn, channels, requests, err := gossh.NewServerConn(far, config)
	if err != nil {
		far.Close()
		return
	}
	link := &serverLink{ServerConn: conn, wire: far}
	session := make(chan gossh.Channel, 1)
	go func() {
		for channel := range channels {
			stream, asked, err := channel.Accept()
			if err != nil {
				continue
			}
			go s.run(asked, func() { session <- stream })
		}
	}()
	for request := range requests {
		switch {
		case request.Type == "tcpip-forward" && !s.refuse:
			gossh.Unmarshal(request.Payload, &link.listen)
			s.mu.Lock()
			s.listens = append(s.listens, fmt.Sprintf("%s:%d", link.listen.Host, link.listen.Port))
			s.links = append(s.links, link)
			s.mu.Unlock()
			var reply []byte
			if link.listen.Port == 0 {
				link.listen.Port = s.port
				reply = gossh.Marshal(struct{ Port uint32 }{s.port})
			}
			// What there is to say may come before or after the reply.
			if text := s.says(link.listen.Host, link.listen.Port); text != "" {
				link.session = <-session
				io.WriteString(link.session, text)
			}
			request.Reply(true, reply)
			s.arrived <- link
		default:
			request.Reply(false, nil)
		}
	}
}

// run calls started once a command or a shell is asked for: before, nobody would read what the server says.
func (s *server) run(requests <-chan *gossh.Request, started func()) {
	for request := range requests {
		if request.Type == "exec" || request.Type == "shell" {
			var command struct{ Text string }
			gossh.Unmarshal(request.Payload, &command)
			s.mu.Lock()
			s.commands = append(s.commands, command.Text)
			s.mu.Unlock()
			started()
		}
		request.Reply(true, nil)
	}
}

func (s *server) seen() (listens, commands []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.listens...), append([]string(nil), s.commands...)
}

// connect opens a forwarded connection as sish does: the sender by name, and without a port.
func (l *serverLink) connect(t testing.TB) gossh.Channel {
	t.Helper()
	channel, requests, err := l.OpenChannel("forwarded-tcpip", gossh.Marshal(struct {
		Host   string
		Port   uint32
		Origin string
		From   uint32
	}{l.listen.Host, l.listen.Port, "visitor.example", 0}))
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(requests)
	return channel
}

// post sends a body through the tunnel.
func (l *serverLink) post(t testing.TB, body []byte) *http.Response {
	t.Helper()
	channel := l.connect(t)
	t.Cleanup(func() { channel.Close() })
	go func() {
		fmt.Fprintf(channel, "POST /hook HTTP/1.1\r\nHost: hooks.tuns.example\r\nContent-Length: %d\r\n\r\n", len(body))
		channel.Write(body)
	}()
	response, err := http.ReadResponse(bufio.NewReader(channel), nil)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// open opens a tunnel, serves it, and closes it when the test ends.
func open(t testing.TB, provider ssh.Provider, o tunnel.Options, handler http.HandlerFunc) tunnel.Session {
	t.Helper()
	session, err := provider.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- session.Serve(context.Background(), handler) }()
	t.Cleanup(func() {
		session.Close()
		if err := <-ended; err != nil && !errors.Is(err, tunnel.ErrServed) {
			t.Errorf("Serve() = %v", err)
		}
	})
	return session
}

func echo(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	if _, err := body.ReadFrom(r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("X-From", r.RemoteAddr)
	w.Write(body.Bytes())
}

func await(t testing.TB, session tunnel.Session, want tunnel.State) tunnel.Status {
	t.Helper()
	for status := range session.Status() {
		if status.State == want {
			return status
		}
	}
	t.Fatalf("the tunnel was never %s", want)
	return tunnel.Status{}
}

func inTemp(t testing.TB, name string) string { return filepath.Join(t.TempDir(), name) }

// wire is one end of a connection in memory that holds what the other end has not read yet, as the network does.
type wire struct {
	in, out *flow
	stalled chan struct{} // nil unless it stands still
	mu      sync.Mutex
}

type flow struct {
	mu     sync.Mutex
	more   *sync.Cond
	data   []byte
	closed bool
}

func newWire() (near, far *wire) {
	one, two := new(flow), new(flow)
	one.more, two.more = sync.NewCond(&one.mu), sync.NewCond(&two.mu)
	return &wire{in: one, out: two}, &wire{in: two, out: one}
}

// stall makes this end stop reading, as a host does that is gone without a word.
func (w *wire) stall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stalled = make(chan struct{})
}

func (w *wire) Read(p []byte) (int, error) {
	w.in.mu.Lock()
	for len(w.in.data) == 0 && !w.in.closed {
		w.in.more.Wait()
	}
	w.in.mu.Unlock()
	w.mu.Lock()
	stalled := w.stalled
	w.mu.Unlock()
	if stalled != nil {
		<-stalled
		return 0, io.EOF
	}
	w.in.mu.Lock()
	defer w.in.mu.Unlock()
	if len(w.in.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p, w.in.data)
	w.in.data = w.in.data[n:]
	return n, nil
}

func (w *wire) Write(p []byte) (int, error) {
	w.out.mu.Lock()
	defer w.out.mu.Unlock()
	if w.out.closed {
		return 0, io.ErrClosedPipe
	}
	w.out.data = append(w.out.data, p...)
	w.out.more.Broadcast()
	return len(p), nil
}

func (w *wire) Close() error {
	for _, f := range []*flow{w.in, w.out} {
		f.mu.Lock()
		f.closed = true
		f.more.Broadcast()
		f.mu.Unlock()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stalled != nil {
		select {
		case <-w.stalled:
		default:
			close(w.stalled)
		}
	}
	return nil
}
