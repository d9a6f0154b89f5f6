package tunnel

import (
	"context"
	"net"
	"net/http"
	"time"
)

// DefaultServer returns a server that gives a sender 5 s for the header, 15 s for the whole request and 60 s for the
// answer, and closes an idle connection after 60 s. Of headers it takes 16 KiB.
func DefaultServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
}

// Loopback opens a free port of 127.0.0.1, for a process that connects to it. It is for those who write a [Provider].
func (o Options) Loopback(ctx context.Context) (net.Listener, error) {
	listen := o.Listen
	if listen == nil {
		listen = new(net.ListenConfig).Listen
	}
	return listen(ctx, "tcp", "127.0.0.1:0")
}
