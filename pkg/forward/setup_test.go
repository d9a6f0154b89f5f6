package forward_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const body = `{"id":"evt_1", "type":"voucher.minted","created":1640995700,"data":{}}` + "\n"

// event is a delivery that tells by its body which one it is.
func event(id string) forward.Delivery {
	return forward.Delivery{ID: id, Type: "voucher.minted", Request: capture.Request{Body: []byte(id)}}
}

func newForwarder(t testing.TB, o forward.Options) *forward.Forwarder {
	t.Helper()
	f, err := forward.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func to(targets ...string) []forward.Route {
	var routes []forward.Route
	for _, target := range targets {
		routes = append(routes, forward.Route{Target: target})
	}
	return routes
}

// server is a real target that keeps what it was sent.
type server struct {
	url string

	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func serve(t testing.TB, answer http.HandlerFunc) *server {
	t.Helper()
	s := new(server)
	live := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		s.requests = append(s.requests, r)
		s.bodies = append(s.bodies, string(content))
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(live.Close)
	s.url = live.URL
	return s
}

func ok(http.ResponseWriter, *http.Request) {}

func (s *server) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.bodies...)
}

// closedPort is the URL of an address at which nothing listens.
func closedPort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

// script is a target in memory, for tests in which time is made up. It gives one answer after another and the last one
// again and again.
type script struct {
	answers []scripted

	mu    sync.Mutex
	begun time.Time
	seen  []sight
}

type scripted struct {
	status int // 0 breaks the connection
	takes  time.Duration
}

type sight struct {
	After     time.Duration // since the script began
	Body      string
	Signature string
}

func newScript(answers ...scripted) *script { return &script{answers: answers, begun: time.Now()} }

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	answer := s.answers[min(len(s.seen), len(s.answers)-1)]
	s.seen = append(s.seen, sight{time.Since(s.begun), string(content), r.Header.Get("X-Webhook-Signature")})
	s.mu.Unlock()
	timer := time.NewTimer(answer.takes)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if answer.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: answer.status, Header: http.Header{}, Body: http.NoBody}, nil
}

func (s *script) order() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var bodies []string
	for _, seen := range s.seen {
		bodies = append(bodies, seen.Body)
	}
	return bodies
}

func (s *script) times() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var times []time.Duration
	for _, seen := range s.seen {
		times = append(times, seen.After)
	}
	return times
}
