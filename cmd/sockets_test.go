package cmd_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// listening is a pbhook listen in this process.
type listening struct {
	stop  context.CancelFunc
	ended chan int

	mu      sync.Mutex
	opened  []net.Addr
	stderr  bytes.Buffer
	changed chan struct{} // holds one while something is new
}

func (l *listening) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stderr.Write(p)
	select {
	case l.changed <- struct{}{}:
	default:
	}
	return len(p), nil
}

// listen runs pbhook listen until it is ready, and ends it with the test.
func listen(t testing.TB, args ...string) *listening {
	t.Helper()
	return listenTo(t, io.Discard, args...)
}

// listenTo is [listen] with its standard output written to stdout.
func listenTo(t testing.TB, stdout io.Writer, args ...string) *listening {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	l := &listening{stop: stop, ended: make(chan int, 1), changed: make(chan struct{}, 1)}
	state := t.TempDir()
	env := cmd.Env{
		Stdin: strings.NewReader(""), Stdout: stdout, Stderr: l, Now: time.Now, Rand: rand.Reader,
		LookupEnv: func(name string) (string, bool) {
			value, ok := map[string]string{"XDG_STATE_HOME": state, "POCKETBOOK_WEBHOOK_SECRET": scriptSecret}[name]
			return value, ok
		},
		Listen: func(ctx context.Context, network, addr string) (net.Listener, error) {
			listener, err := new(net.ListenConfig).Listen(ctx, network, addr)
			if err == nil {
				l.mu.Lock()
				l.opened = append(l.opened, listener.Addr())
				l.mu.Unlock()
			}
			return listener, err
		},
	}
	go func() {
		l.ended <- cmd.Main(ctx, env, cmd.Version{Number: "test"}, append([]string{"listen"}, args...))
	}()
	t.Cleanup(func() {
		stop()
		if code := <-l.ended; code != 0 {
			t.Errorf("listen ended with %d", code)
		}
	})
	for !strings.Contains(l.said(), "try: ") {
		select {
		case <-l.changed:
		case <-time.After(20 * time.Second):
			t.Fatalf("listen did not become ready: %s", l.said())
		}
	}
	return l
}

func (l *listening) said() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stderr.String()
}

func (l *listening) url() string { return "http://" + l.opened[0].String() + "/" }

func TestAPortAloneIsReachedFromThisMachineOnly(t *testing.T) {
	l := listen(t, ":0")
	if strings.Contains(l.said(), "can be reached from other machines") {
		t.Errorf("said: %s", l.said())
	}
	for _, address := range l.opened {
		if !address.(*net.TCPAddr).IP.IsLoopback() {
			t.Errorf("listens on %v", address)
		}
	}
	if runtime.GOOS != "linux" {
		return // elsewhere 127.0.0.2 is no address of this machine
	}
	_, port, _ := net.SplitHostPort(l.opened[0].String())
	if conn, err := net.DialTimeout("tcp", "127.0.0.2:"+port, 5*time.Second); err == nil {
		conn.Close()
		t.Error("another address of this machine is answered")
	}
}

func TestAnAddressThatOthersReachIsWarnedOf(t *testing.T) {
	l := listen(t, "0.0.0.0:0")
	if !strings.Contains(l.said(), "warning: this address can be reached from other machines") {
		t.Errorf("said: %s", l.said())
	}
}

func TestAPortThatWindowsSaysIsInUseIsTaken(t *testing.T) {
	inUse := &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", syscall.Errno(10048))}
	for _, taken := range []string{"127.0.0.1:1", "[::1]:1"} {
		t.Run(taken, func(t *testing.T) {
			var stderr bytes.Buffer
			env := cmd.Env{
				Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr, Now: time.Now, Rand: rand.Reader,
				LookupEnv: func(string) (string, bool) { return "", false },
				Listen: func(_ context.Context, _, address string) (net.Listener, error) {
					if address == taken {
						return nil, inUse
					}
					return idleListener{port: 1}, nil
				},
			}
			code := cmd.Main(t.Context(), env, cmd.Version{Number: "test"}, []string{"listen", ":1", "--secret", "whsec_demo", "--history", "none"})
			if code != 1 || !strings.Contains(stderr.String(), "port 1 is taken") {
				t.Errorf("ended with %d and said: %s", code, stderr.String())
			}
		})
	}
}

// idleListener has an address, and ends at once.
type idleListener struct{ port int }

func (l idleListener) Addr() net.Addr          { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: l.port} }
func (idleListener) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (idleListener) Close() error              { return nil }
