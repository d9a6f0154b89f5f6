package receiver

import (
	"cmp"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Limits bound what one peer, and all of them together, can hold of a server. A zero field has the default named beside it.
type Limits struct {
	HeaderTimeout  time.Duration // until the header of a request is read; 5 s
	ReadTimeout    time.Duration // until the body of a request is read; 15 s
	WriteTimeout   time.Duration // from the end of the header to the end of the answer; 60 s
	IdleTimeout    time.Duration // between two requests of one connection; 60 s
	MaxHeaderBytes int           // bytes of request line and header; 16 KiB
	MaxConnections int           // open at the same time; one more is closed at once; 256
	// Refused, if set, is called for each connection that is closed because there are too many.
	Refused func()
}

// DefaultMaxConnections is [Limits.MaxConnections] when that is zero.
const DefaultMaxConnections = 256

// NewServer returns a server for handler that keeps to limits. It is served and shut down by its own methods, and it logs
// to the standard logger unless its ErrorLog is set.
func NewServer(handler http.Handler, limits Limits) *http.Server {
	limits = limits.withDefaults()
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: limits.HeaderTimeout,
		ReadTimeout:       limits.ReadTimeout,
		WriteTimeout:      limits.WriteTimeout,
		IdleTimeout:       limits.IdleTimeout,
		MaxHeaderBytes:    limits.MaxHeaderBytes,
		ConnState:         capConnections(limits.MaxConnections, limits.Refused),
	}
}

func (l Limits) withDefaults() Limits {
	return Limits{
		HeaderTimeout:  cmp.Or(l.HeaderTimeout, 5*time.Second),
		ReadTimeout:    cmp.Or(l.ReadTimeout, 15*time.Second),
		WriteTimeout:   cmp.Or(l.WriteTimeout, 60*time.Second),
		IdleTimeout:    cmp.Or(l.IdleTimeout, 60*time.Second),
		MaxHeaderBytes: cmp.Or(l.MaxHeaderBytes, 16<<10),
		MaxConnections: cmp.Or(l.MaxConnections, DefaultMaxConnections),
		Refused:        l.Refused,
	}
}

// capConnections closes every connection above limit as it arrives: a sender that is refused tries again, while one left in
// the backlog would wait for its own timeout.
func capConnections(limit int, refused func()) func(net.Conn, http.ConnState) {
	var open atomic.Int64
	return func(conn net.Conn, state http.ConnState) {
		if state == http.StateNew && open.Add(1) > int64(limit) {
			_ = conn.Close()
			if refused != nil {
				refused()
			}
		}
		if state == http.StateClosed || state == http.StateHijacked {
			open.Add(-1)
		}
	}
}
