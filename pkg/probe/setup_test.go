package probe

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secretText = "whsec_test_secret"

// sampleEvents are two of the documented types, the first with metadata.
func sampleEvents() []delivery.Message {
	return []delivery.Message{
		{Type: "certificate.created", Body: []byte(`{"id":"evt_1","type":"certificate.created","created":1640995200,"data":{` +
			`"certificateId":"507f1f77bcf86cd799439011","name":"Achievement","owner":"0x1234567890123456789012345678901234567890",` +
			`"metadata":{"category":"education"},"createdAt":"2025-01-15T10:30:00Z"}}`)},
		{Type: "bulk_job.started", Body: []byte(`{"id":"evt_2","type":"bulk_job.started","created":1640995900,"data":{` +
			`"jobId":"507f1f77bcf86cd799439013","totalCount":100,"startedAt":"2025-01-15T11:05:00Z"}}`)},
	}
}

func newSecret(t testing.TB, text string) signature.Secret {
	t.Helper()
	secret, err := signature.NewSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// newProber fills in what the options leave out.
func newProber(t testing.TB, o Options) *Prober {
	t.Helper()
	if o.Secret.IsZero() {
		o.Secret = newSecret(t, secretText)
	}
	if o.Events == nil {
		o.Events = sampleEvents()
	}
	prober, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return prober
}

// pipes is a network in memory: inside a synctest bubble its waits pass in no time at all.
type pipes struct {
	accept chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.accept:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.accept <- far:
		return near, nil
	case <-p.closed:
		return nil, io.ErrUnexpectedEOF
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// check runs a check against a handler over real HTTP, in memory and out of time.
func check(t *testing.T, handler http.Handler, change func(*Options, *pipes)) (report Report) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		network := &pipes{accept: make(chan net.Conn), closed: make(chan struct{})}
		server := &http.Server{Handler: handler}
		done := make(chan struct{})
		go func() { defer close(done); server.Serve(network) }()
		transport := delivery.NewTransport(delivery.TransportOptions{})
		transport.DialContext = network.dial
		options := Options{Endpoint: "http://localhost:1/webhooks/pocketbook", Transport: transport}
		if change != nil {
			change(&options, network)
		}
		prober := newProber(t, options)
		report = prober.Run(t.Context(), nil)
		if plan := prober.Plan(); report.Requests > plan.Max {
			t.Errorf("sent %d requests, and promised at most %d", report.Requests, plan.Max)
		}
		server.Close()
		<-done
		time.Sleep(time.Minute) // of the bubble: what still waits has its deadline now
	})
	return report
}

// ids are the cases with a verdict.
func ids(report Report, verdict Verdict) []string {
	list := []string{}
	for _, result := range report.Results {
		if result.Verdict == verdict {
			list = append(list, result.Case.ID)
		}
	}
	return list
}
