package tunnel

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Provider opens tunnels of one kind.
type Provider interface {
	// Name is what users call it: "ssh", "ngrok", …
	Name() string
	// Caps tells what may be expected of its tunnels.
	Caps() Caps
	// Open connects and returns once the far end has confirmed that it forwards. What arrives before
	// [Session.Serve] is called has to wait for it. ctx bounds the opening only.
	Open(ctx context.Context, o Options) (Session, error)
}

// Caps are the differences between providers that a user should know of.
type Caps struct {
	Durable      bool // keeps what arrives while this machine is away
	StableURL    bool // the same URL every time
	NeedsAccount bool // with the company that runs it
	NeedsBinary  bool // another program has to be installed
}

// Session is an open tunnel. Its methods are safe for concurrent use.
type Session interface {
	// URL is where requests are taken at present. It may change when the tunnel is restored; [Session.Status] says so.
	URL() string
	// Serve hands requests to the handler and restores the tunnel whenever it is lost, until ctx ends or Close is called;
	// requests under way are finished then, and it returns nil. It returns an error once the tunnel can't be restored: a
	// [*LostError], or the provider's own when trying again is of no use. It can be called once.
	Serve(ctx context.Context, handler http.Handler) error
	// Status tells how the tunnel is. A slow reader misses old news, never the newest. It is closed when Serve has
	// returned, or when Close was called before Serve.
	Status() <-chan Status
	// Close ends the tunnel.
	Close() error
}

// Options are what every provider needs to know. The zero value does.
type Options struct {
	// NewServer makes the server for what comes through the tunnel, with its limits of time and size; nil is
	// [DefaultServer].
	NewServer func(http.Handler) *http.Server
	// Listen opens the loopback port that providers with a process of their own connect to; nil is net.ListenConfig's.
	Listen func(ctx context.Context, network, address string) (net.Listener, error)
	// GiveUp is how long a lost tunnel is tried to be restored; 0 is [DefaultGiveUp]. The time that the machine sleeps
	// does not count.
	GiveUp time.Duration
	// Drain is how long requests under way may take to finish after the end; 0 is [DefaultDrain].
	Drain time.Duration
	// Now is the wall clock, a jump of which tells that the machine was asleep; nil is time.Now.
	Now func() time.Time
	// Rand gives numbers from 0 to 1 that spread attempts to reconnect, from one goroutine; nil uses math/rand/v2.
	Rand func() float64
}

// What Options without a value mean.
const (
	DefaultGiveUp = 30 * time.Minute
	DefaultDrain  = 25 * time.Second
)
