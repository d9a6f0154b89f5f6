package cmd_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
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
	ctx, stop := context.WithCancel(context.Background())
	l := &listening{stop: stop, ended: make(chan int, 1), changed: make(chan struct{}, 1)}
	state := t.TempDir()
	env := cmd.Env{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: l, Now: time.Now, Rand: rand.Reader,
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
