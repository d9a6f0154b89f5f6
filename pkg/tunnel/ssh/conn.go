package ssh

import (
	"io"
	"net"
	"os"
	"sync"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

const (
	bufferSize = 32 << 10        // bytes, each way: the most that one packet carries (RFC 4253, section 6.1)
	linger     = 5 * time.Second // for what is written when the connection is closed
	// farewell is for a sender that is still sending when the connection is closed: cut off at once, it would find its
	// connection reset before it has read the answer.
	farewell = 500 * time.Millisecond
)

// conn is a forwarded connection. A channel of the SSH library knows no deadlines, and an HTTP server depends on them: for
// its limits, and to stop waiting for the next request. So one goroutine reads ahead from the channel and one writes behind,
// as an operating system does for a socket, and whoever uses the conn waits for them only as long as its deadlines allow.
type conn struct {
	channel       gossh.Channel
	local, origin net.Addr
	released      func()
	workers       sync.WaitGroup

	readBy, writeBy *deadline
	closed          chan struct{} // by Close
	closeOnce       sync.Once

	mu       sync.Mutex
	arrived  []byte // not read yet; the reader waits until it was
	readErr  error  // of the channel, after what arrived
	leaving  []byte // not written yet
	writeErr error  // of the channel
	ending   bool   // nothing more will be written

	hasArrived, wasRead, hasLeaving, wasWritten signal
	flushed, heardAll                           chan struct{} // closed when the writer and the reader have ended
}

// signal wakes one goroutine, now or when it next waits.
type signal chan struct{}

func (s signal) give() {
	select {
	case s <- struct{}{}:
	default:
	}
}

// newConn calls released when the server has let go of the channel.
func newConn(channel gossh.Channel, local, origin net.Addr, released func()) *conn {
	c := &conn{
		channel: channel, local: local, origin: origin, released: released,
		readBy: newDeadline(), writeBy: newDeadline(),
		closed: make(chan struct{}), flushed: make(chan struct{}), heardAll: make(chan struct{}),
		hasArrived: make(signal, 1), wasRead: make(signal, 1), hasLeaving: make(signal, 1), wasWritten: make(signal, 1),
	}
	c.workers.Go(c.readAhead)
	c.workers.Go(c.writeBehind)
	go c.release()
	return c
}

// release closes the channel some time after the connection.
func (c *conn) release() {
	<-c.closed
	timer := time.NewTimer(farewell)
	defer timer.Stop()
	select {
	case <-c.heardAll:
	case <-timer.C:
	}
	_ = c.channel.Close()
	c.workers.Wait()
	c.released()
}

func (c *conn) readAhead() {
	defer close(c.heardAll)
	buffer := make([]byte, bufferSize)
	for {
		n, err := c.channel.Read(buffer)
		c.mu.Lock()
		c.arrived, c.readErr = buffer[:n], err
		c.mu.Unlock()
		c.hasArrived.give()
		if err != nil {
			return
		}
		select {
		case <-c.wasRead:
		case <-c.closed:
			// What arrives from now on is for nobody.
			_, _ = io.Copy(io.Discard, c.channel)
			return
		}
	}
}

func (c *conn) Read(p []byte) (int, error) {
	for {
		passed := c.readBy.wait()
		switch {
		case isClosed(c.closed):
			return 0, net.ErrClosed
		case isClosed(passed):
			return 0, os.ErrDeadlineExceeded
		}
		if n, err := c.take(p); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
		select {
		case <-c.hasArrived:
		case <-passed:
		case <-c.closed:
		}
	}
}

// take returns what has arrived, or the error after it; neither while nothing has.
func (c *conn) take(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.arrived) == 0 {
		return 0, c.readErr
	}
	n := copy(p, c.arrived)
	if c.arrived = c.arrived[n:]; len(c.arrived) == 0 && c.readErr == nil {
		c.wasRead.give()
	}
	return n, nil
}

func (c *conn) writeBehind() {
	defer close(c.flushed)
	var spare []byte
	for {
		c.mu.Lock()
		batch, ending := c.leaving, c.ending
		c.leaving = spare[:0]
		c.mu.Unlock()
		if len(batch) == 0 {
			if ending {
				_ = c.channel.CloseWrite()
				return
			}
			<-c.hasLeaving
			continue
		}
		_, err := c.channel.Write(batch)
		spare = batch
		if err != nil {
			c.mu.Lock()
			c.writeErr = err
			c.mu.Unlock()
			c.wasWritten.give()
			return
		}
		c.wasWritten.give()
	}
}

func (c *conn) Write(p []byte) (written int, err error) {
	for {
		passed := c.writeBy.wait()
		switch {
		case isClosed(c.closed):
			return written, net.ErrClosed
		case isClosed(passed):
			return written, os.ErrDeadlineExceeded
		}
		n, err := c.put(p[written:])
		if written += n; err != nil || written == len(p) {
			return written, err
		}
		select {
		case <-c.wasWritten:
		case <-passed:
		case <-c.closed:
		}
	}
}

// put leaves as much for the writer as there is room for.
func (c *conn) put(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.writeErr != nil:
		return 0, c.writeErr
	case c.ending:
		return 0, net.ErrClosed
	}
	n := min(len(p), bufferSize-len(c.leaving))
	c.leaving = append(c.leaving, p[:n]...)
	c.hasLeaving.give()
	return n, nil
}

// CloseWrite tells the sender that nothing more comes, once all is written.
func (c *conn) CloseWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ending = true
	c.hasLeaving.give()
	return nil
}

// Close waits for what was written to leave, but not for ever: a sender that reads nothing holds it up, and is cut off.
func (c *conn) Close() error {
	err := net.ErrClosed
	c.closeOnce.Do(func() {
		err = c.CloseWrite()
		timer := time.NewTimer(linger)
		defer timer.Stop()
		cut := true
		select {
		case <-c.flushed:
			cut = false
		case <-c.writeBy.wait():
		case <-timer.C:
		}
		close(c.closed)
		c.readBy.stop()
		c.writeBy.stop()
		if cut {
			_ = c.channel.Close()
		}
	})
	return err
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.origin }

func (c *conn) SetDeadline(t time.Time) error {
	c.readBy.put(t)
	c.writeBy.put(t)
	return nil
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.readBy.put(t)
	return nil
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.writeBy.put(t)
	return nil
}
