package delivery

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secretText   = "whsec_test_secret"
	previousText = "whsec_previous_secret"
	eventBody    = `{"id":"evt_1","type":"certificate.minted","created":1640995300,"data":{"tokenId":"12345"}}`
)

func event() Message {
	return Message{ID: "evt_1", Type: "certificate.minted", Body: []byte(eventBody)}
}

func newSecret(t testing.TB, text string) signature.Secret {
	t.Helper()
	secret, err := signature.NewSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// newClient fills in the secret, and closes the client with the test.
func newClient(t testing.TB, o Options) *Client {
	t.Helper()
	if o.Secret.IsZero() {
		o.Secret = newSecret(t, secretText)
	}
	client, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// serve runs a real receiver.
func serve(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// answerWith reads one whole request per turn of a connection and writes the bytes that talk gives for it; without bytes
// the connection is closed. It returns the URL.
func answerWith(t testing.TB, talk func(request *http.Request, connection, turn int) string) string {
	t.Helper()
	return serveRaw(t, func(conn net.Conn, connection int) {
		reader := bufio.NewReader(conn)
		for turn := 0; ; turn++ {
			request, err := http.ReadRequest(reader)
			if err != nil {
				return
			}
			if _, err := io.Copy(io.Discard, request.Body); err != nil {
				return
			}
			answer := talk(request, connection, turn)
			if _, err := io.WriteString(conn, answer); err != nil || answer == "" {
				return
			}
		}
	})
}

// serveRaw hands each connection to talk, with its number from 0, and closes it after that. The end of the test closes all.
func serveRaw(t testing.TB, talk func(conn net.Conn, number int)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for number := 0; ; number++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer context.AfterFunc(ctx, func() { conn.Close() })()
				defer conn.Close()
				talk(conn, number)
			}()
		}
	}()
	t.Cleanup(func() {
		cancel()
		listener.Close()
		<-done
	})
	return "http://" + listener.Addr().String()
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// closedPort is an address at which nothing listens.
func closedPort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// hang is a receiver that reads requests and never answers.
func hang(t testing.TB) string {
	t.Helper()
	return serveRaw(t, func(conn net.Conn, _ int) { _, _ = io.Copy(io.Discard, conn) })
}

// clock gives one time, for signatures that do not change.
func clock(at time.Time) func() time.Time { return func() time.Time { return at } }
