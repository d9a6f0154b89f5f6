package cmd

import (
	"context"
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
	if err != nil {
		return nil, err
	}
	var hosts []string
	if net.ParseIP(at.host) == nil {
		hosts = append(hosts, at.host)
	}
	server := receiver.NewServer(meter.Handler(hosts...), receiver.Limits{MaxConnections: 32})
	serve(server, at)
	return &meterServer{meter: meter, at: at, server: server}, nil
}

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
