package ssh

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

const (
	forwardTimeout = 15 * time.Second // until the server listens, and again until it said where
	preferTimeout  = time.Second      // for an https URL, when one with http came first
	// maxConns counts those as well that the server has not let go of yet. For each the library takes in up to 2 MiB that
	// nobody has read, which cannot be set.
	maxConns = 128
)

var errForward = errors.New("no answer to the request to listen within 15s")

// link is one connection to a server that forwards.
type link struct {
	client *gossh.Client
	words  *announcement
	given  string // the URL, if it was given
	queue  *tunnel.Queue
	local  address
	conns  atomic.Int64
}

// forward has the server listen and returns when it does, and the URL is known.
func (c *connector) forward(ctx context.Context, client *gossh.Client, words *announcement) (tunnel.Link, error) {
	l := &link{client: client, words: words, queue: c.queue, local: address(c.remote.String())}
	go l.accept(client.HandleChannelOpen("forwarded-tcpip"))
	port, err := c.listen(ctx, l)
	if err == nil && c.publicURL != "" {
		l.given = atPort(c.publicURL, port)
	} else if err == nil {
		err = c.awaitURL(ctx, l)
	}
	if err != nil {
		_ = client.Close()
		return nil, err
	}
	return l, nil
}

// listen asks for the port and returns the one that it became.
func (c *connector) listen(ctx context.Context, l *link) (port int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, forwardTimeout, errForward)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = l.client.Close() })()
	if c.publicURL == "" {
		// Some servers write the URL the moment they listen: the session has to be there before.
		l.listenIn(c.service.command)
	}
	remote := c.remote
	if c.publicURL != "" && c.chosen != 0 {
		remote.Port = c.chosen
	}
	port, ok, err := request(l.client, remote)
	if err == nil && !ok && remote != c.remote {
		port, ok, err = request(l.client, c.remote)
	}
	switch {
	case err != nil:
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return 0, &ConnectError{Address: c.destination.address(), Err: err}
	case !ok:
		return 0, &ForwardError{Address: c.destination.address(), Remote: c.remote, Said: l.words.said.Last()}
	}
	if c.remote.Port == 0 {
		c.chosen = port
	}
	return port, nil
}

// request sends a tcpip-forward request (RFC 4254, section 7.1).
func request(client *gossh.Client, remote Remote) (port int, ok bool, err error) {
	ok, reply, err := client.SendRequest("tcpip-forward", true, gossh.Marshal(struct {
		Host string
		Port uint32
	}{remote.Host, uint32(remote.Port)})) //nolint:gosec // a port
	if err != nil || !ok {
		return 0, false, err
	}
	if remote.Port == 0 && len(reply) >= 4 {
		return int(binary.BigEndian.Uint32(reply)), true, nil
	}
	return remote.Port, true, nil
}

// listenIn opens a session and reads what the server writes into it. A server without sessions has nothing to tell.
func (l *link) listenIn(command string) {
	channel, requests, err := l.client.OpenChannel("session", nil)
	if err != nil {
		return
	}
	go gossh.DiscardRequests(requests)
	if command == "" {
		_, err = channel.SendRequest("shell", false, nil)
	} else {
		_, err = channel.SendRequest("exec", false, gossh.Marshal(struct{ Command string }{command}))
	}
	if err != nil {
		return
	}
	go l.words.read(channel)
	go l.words.read(channel.Stderr())
}

func (c *connector) awaitURL(ctx context.Context, l *link) error {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = l.client.Wait()
	}()
	timer := time.NewTimer(forwardTimeout)
	defer timer.Stop()
	for {
		select {
		case <-l.words.changed:
			if strings.HasPrefix(l.words.found(), "https://") {
				return nil
			}
			timer.Reset(preferTimeout)
			continue
		case <-timer.C:
		case <-ended:
		case <-ctx.Done():
			return &ConnectError{Address: c.destination.address(), Err: context.Cause(ctx)}
		}
		if l.words.found() != "" {
			return nil
		}
		return &NoURLError{Address: c.destination.address(), Said: l.words.said.Last()}
	}
}

// accept takes in every connection as it comes: one that had to wait would hold up all that the server sends.
func (l *link) accept(opened <-chan gossh.NewChannel) {
	for channel := range opened {
		if l.conns.Add(1) > maxConns {
			l.conns.Add(-1)
			_ = channel.Reject(gossh.ResourceShortage, "too many connections")
			continue
		}
		stream, requests, err := channel.Accept()
		if err != nil {
			l.conns.Add(-1)
			continue
		}
		go gossh.DiscardRequests(requests)
		conn := newConn(stream, l.local, originator(channel.ExtraData()), func() { l.conns.Add(-1) })
		if !l.queue.Put(conn) {
			_ = conn.Close()
		}
	}
}

// originator reads who connected (RFC 4254, section 7.2). Servers write a name there, or no port, or nothing of use.
func originator(payload []byte) address {
	var open struct {
		Host   string
		Port   uint32
		Origin string
		From   uint32
	}
	if gossh.Unmarshal(payload, &open) != nil || !isHost(open.Origin) {
		return "unknown:0"
	}
	return address(net.JoinHostPort(open.Origin, strconv.FormatUint(uint64(open.From), 10)))
}

func isHost(text string) bool {
	const others = "-_.:%"
	return text != "" && len(text) < 256 && strings.IndexFunc(text, func(r rune) bool {
		isPlain := '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		return !isPlain && !strings.ContainsRune(others, r)
	}) < 0
}

func (l *link) URL() string {
	if l.given != "" {
		return l.given
	}
	return l.words.found()
}

// Ping takes any answer, a refusal too, as a sign of life.
func (l *link) Ping(context.Context) error {
	_, _, err := l.client.SendRequest("keepalive@openssh.com", true, nil)
	return err
}

func (l *link) Wait() error {
	err := l.client.Wait()
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (l *link) Close() error { return l.client.Close() }
