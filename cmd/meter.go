package cmd

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/metrics"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

// meterFlags say where counts are served.
type meterFlags struct{ address string }

func (m *meterFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&m.address, "metrics", "", "serve /metrics for Prometheus, /healthz and /readyz at this `ADDR`, such as :9090")
}

func (m *meterFlags) open() *metrics.Meter {
	if m.address == "" {
		return nil
	}
	var known []string
	for _, typ := range event.Types() {
		known = append(known, string(typ))
	}
	return metrics.New(known)
}

// meterServer serves the counts; the zero value serves none.
type meterServer struct {
	meter  *metrics.Meter
	at     *sockets
	server *http.Server
}

func (m *meterFlags) serve(ctx context.Context, a *app, meter *metrics.Meter) (*meterServer, error) {
	if meter == nil {
		return new(meterServer), nil
	}
	at, err := openSockets(ctx, a.env, m.address, "")
	if _, bad := errors.AsType[*valueError](err); bad {
		return nil, &valueError{"--metrics", m.address, "is not :PORT or HOST:PORT"}
	}
	if err != nil {
		return nil, &metricsError{m.address, err}
	}
	if at.exposed {
		a.view.Warning("the metrics can be reached from other machines")
	}
	var hosts []string
	if net.ParseIP(at.host) == nil {
		hosts = append(hosts, at.host)
	}
	server := receiver.NewServer(meter.Handler(hosts...), receiver.Limits{MaxConnections: 32})
	serve(server, at)
	return &meterServer{meter: meter, at: at, server: server}, nil
}

// metricsError says that counts cannot be served where they should be.
type metricsError struct {
	address string
	err     error
}

func (e *metricsError) Error() string { return "metrics at " + e.address + ": " + e.err.Error() }
func (e *metricsError) Unwrap() error { return e.err }

func (m *meterServer) ready(accepting bool) {
	if m.meter != nil {
		m.meter.Ready(accepting)
	}
}

func (m *meterServer) url() string {
	if m.at == nil {
		return ""
	}
	return m.at.url(false, "/metrics")
}

func (m *meterServer) close() {
	if m.server != nil {
		_ = m.server.Close()
	}
}
