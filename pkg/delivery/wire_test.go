package delivery

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

// TestAWireReadsEveryAnswer sends twice over one lane, so that an answer that was read too short or too far spoils the next.
func TestAWireReadsEveryAnswer(t *testing.T) {
	large := strings.Repeat("x", maxDrained+1)
	for name, tt := range map[string]struct {
		answer string
		status int
		keeps  bool
	}{
		"without a body":                      {okAnswer, 200, true},
		"with a body":                         {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, true},
		"in chunks":                           {"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n0\r\n\r\n", 202, true},
		"in chunks with a trailer":            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n1\r\n!\r\n0\r\nX-A: 1\r\n\r\n", 200, true},
		"204 has no body":                     {"HTTP/1.1 204 No Content\r\n\r\n", 204, true},
		"304 has none whatever it says":       {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, true},
		"with a reason of several words":      {"HTTP/1.1 404 Not Found Here\r\nContent-Length: 0\r\n\r\n", 404, true},
		"without a reason":                    {"HTTP/1.1 500\r\nContent-Length: 0\r\n\r\n", 500, true},
		"after 100 Continue":                  {"HTTP/1.1 100 Continue\r\n\r\n" + okAnswer, 200, true},
		"after several interim answers":       {"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + okAnswer, 200, true},
		"with Connection: close":              {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 200, false},
		"up to the end of the connection":     {"HTTP/1.1 200 OK\r\n\r\nhello", 200, false},
		"in HTTP/1.0":                         {"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, false},
		"in HTTP/1.0 that is kept alive":      {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, true},
		"with more than was asked for":        {okAnswer + okAnswer, 200, false},
		"with more body than is read":         {"HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n" + large, 200, false},
		"with more chunks than are read":      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n" + large + "\r\n0\r\n\r\n", 200, false},
		"with a change of protocol":           {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", 101, false},
		"with a header as long as is allowed": {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: " + strings.Repeat("a", 60<<10) + "\r\n\r\n", 200, true},
	} {
		t.Run(name, func(t *testing.T) {
			connections := make(chan int, 4)
			endpoint := serveRaw(t, func(conn net.Conn, number int) {
				connections <- number
				reader := bufio.NewReader(conn)
				for {
					request, err := http.ReadRequest(reader)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, request.Body)
					if _, err := io.WriteString(conn, tt.answer); err != nil || !tt.keeps {
						return
					}
				}
			})
			lane := openTestWire(t.Context(), t, endpoint)
			for turn := range 2 {
				status, err := lane.exchange(t.Context(), sealed{body: []byte(eventBody)})
				if status != tt.status || err != nil {
					t.Fatalf("turn %d: got %d, %v", turn, status, err)
				}
				if (lane.conn != nil) != tt.keeps {
					t.Errorf("turn %d: the connection is kept: %v", turn, lane.conn != nil)
				}
			}
			if want := map[bool]int{true: 1, false: 2}[tt.keeps]; len(connections) != want {
				t.Errorf("%d connections, want %d", len(connections), want)
			}
		})
	}
}

func openTestWire(ctx context.Context, t testing.TB, endpoint string) *wire {
	t.Helper()
	lane, isWire := newClient(t, Options{Endpoint: endpoint, Timeout: 10 * time.Second}).openLane(ctx, Plan{}).(*wire)
	if !isWire {
		t.Fatal("plain HTTP goes over another lane")
	}
	t.Cleanup(lane.close)
	return lane
}

// TestAConnectionClosedWhileIdleIsReplacedOnce lets the endpoint close after its first answer without a word.
func TestAConnectionClosedWhileIdleIsReplacedOnce(t *testing.T) {
	connections := make(chan int, 10)
	endpoint := serveRaw(t, func(conn net.Conn, number int) {
		connections <- number
		if number == 2 {
			return // the replacement is not served either
		}
		reader := bufio.NewReader(conn)
		if request, err := http.ReadRequest(reader); err == nil {
			_, _ = io.Copy(io.Discard, request.Body)
			_, _ = io.WriteString(conn, okAnswer)
		}
	})
	lane := openTestWire(t.Context(), t, endpoint)
	message := sealed{body: []byte(eventBody)}
	for turn := range 2 {
		if status, err := lane.exchange(t.Context(), message); status != 200 || err != nil {
			t.Fatalf("turn %d: got %d, %v", turn, status, err)
		}
	}
	if _, err := lane.exchange(t.Context(), message); kindOf(err) != KindReset {
		t.Errorf("got %v, want a reset", err)
	}
	if len(connections) != 3 {
		t.Errorf("%d connections", len(connections))
	}
}

// TestARequestIsNotSentTwiceOnceItsAnswerHasBegun breaks a used connection within the answer.
func TestARequestIsNotSentTwiceOnceItsAnswerHasBegun(t *testing.T) {
	requests := make(chan struct{}, 10)
	endpoint := serveRaw(t, func(conn net.Conn, _ int) {
		reader := bufio.NewReader(conn)
		for _, answer := range []string{okAnswer, "HTTP/1.1 200"} {
			request, err := http.ReadRequest(reader)
			if err != nil {
				return
			}
			_, _ = io.Copy(io.Discard, request.Body)
			requests <- struct{}{}
			_, _ = io.WriteString(conn, answer)
		}
	})
	lane := openTestWire(t.Context(), t, endpoint)
	message := sealed{body: []byte(eventBody)}
	if _, err := lane.exchange(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	if _, err := lane.exchange(t.Context(), message); kindOf(err) != KindReset {
		t.Errorf("got %v, want a reset", err)
	}
	if len(requests) != 2 {
		t.Errorf("%d requests arrived, want 2", len(requests))
	}
}

// TestAnAnswerThatStopsWithinALineIsNotBlamedOnTheLine breaks off where a parser would complain of what it has so far.
func TestAnAnswerThatStopsWithinALineIsNotBlamedOnTheLine(t *testing.T) {
	const part = "HTTP/1.1 200 OK\r\nContent-"
	over := make(chan struct{})
	defer close(over)
	for want, endpoint := range map[Kind]string{
		KindReset: answerOnce(t, part),
		KindTimeout: serveRaw(t, func(conn net.Conn, _ int) {
			_, _ = io.WriteString(conn, part)
			<-over
		}),
	} {
		client := newClient(t, Options{Endpoint: endpoint, Timeout: 100 * time.Millisecond})
		report, err := client.Load(t.Context(), Plan{Count: 1}, sourceOf(event()), nil)
		if err != nil || report.Errors[want] != 1 {
			t.Errorf("%s: got %v, %v", want, report.First, err)
		}
	}
}

// TestAnEndpointThatFallsSilentIsNotAskedAgain answers the first request of a connection and no other.
func TestAnEndpointThatFallsSilentIsNotAskedAgain(t *testing.T) {
	requests := make(chan struct{}, 10)
	over := make(chan struct{})
	defer close(over)
	endpoint := answerWith(t, func(_ *http.Request, _, turn int) string {
		requests <- struct{}{}
		if turn > 0 {
			<-over
		}
		return okAnswer
	})
	client := newClient(t, Options{Endpoint: endpoint, Timeout: 100 * time.Millisecond})
	report, err := client.Load(t.Context(), Plan{Count: 2}, sourceOf(event()), nil)
	if err != nil || report.OK != 1 || report.Errors[KindTimeout] != 1 || len(requests) != 2 {
		t.Errorf("got %+v, %v after %d requests", report, err, len(requests))
	}
}

// deafConn takes nothing, as a connection does once its other side has closed it.
type deafConn struct{ net.Conn }

func (deafConn) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestARefusalIsHeardThoughTheRequestCouldNotBeSent(t *testing.T) {
	endpoint := serveRaw(t, func(conn net.Conn, _ int) {
		_, _ = io.WriteString(conn, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
	})
	lane := openTestWire(t.Context(), t, endpoint)
	dial := lane.dial
	lane.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return deafConn{conn}, err
	}
	status, err := lane.exchange(t.Context(), sealed{body: []byte(eventBody)})
	if status != 503 || err != nil || lane.conn != nil {
		t.Errorf("got %d, %v", status, err)
	}
}

// TestARefusalIsHeardWhileALongBodyGoesOut answers a body that it never reads, and keeps the connection.
func TestARefusalIsHeardWhileALongBodyGoesOut(t *testing.T) {
	over := make(chan struct{})
	endpoint := serveRaw(t, func(conn net.Conn, _ int) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 413 Too Long\r\nContent-Length: 0\r\n\r\n")
			<-over
		}
	})
	defer close(over)
	status, err := openTestWire(t.Context(), t, endpoint).exchange(t.Context(), sealed{body: make([]byte, 32<<20)})
	if status != 413 || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
}

func TestTooManyInterimAnswersAreAFailure(t *testing.T) {
	interim := func(n int) string {
		return answerWith(t, func(*http.Request, int, int) string {
			return strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", n) + okAnswer
		})
	}
	if status, err := openTestWire(t.Context(), t, interim(8)).exchange(t.Context(), sealed{}); status != 200 || err != nil {
		t.Errorf("behind eight of them: %d, %v", status, err)
	}
	_, err := openTestWire(t.Context(), t, interim(9)).exchange(t.Context(), sealed{})
	if kindOf(err) != KindOther || !strings.Contains(err.Error(), "interim") {
		t.Errorf("got %v", err)
	}
}

// TestAWireThatIsCutStaysCut ends the context of a lane that is idle, and of one that waits.
func TestAWireThatIsCutStaysCut(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	idle := openTestWire(ctx, t, answerWith(t, func(*http.Request, int, int) string { return okAnswer }))
	if _, err := idle.exchange(ctx, sealed{}); err != nil {
		t.Fatal(err)
	}
	arrived := make(chan struct{})
	waiting := openTestWire(ctx, t, answerWith(t, func(*http.Request, int, int) string {
		close(arrived)
		return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
	}))
	ended := make(chan error, 1)
	go func() {
		_, err := waiting.exchange(ctx, sealed{})
		ended <- err
	}()
	<-arrived
	cancel()
	if err := <-ended; err == nil {
		t.Error("the lane that waits ended in success")
	}
	for name, lane := range map[string]*wire{"idle": idle, "waiting": waiting} {
		if _, err := lane.exchange(ctx, sealed{}); err == nil {
			t.Errorf("the %s lane sends after its end", name)
		}
	}
}

// TestAConnectionMadeAsItsContextEndsIsClosed ends the context between dialling and use.
func TestAConnectionMadeAsItsContextEndsIsClosed(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	lane := openTestWire(ctx, t, answerWith(t, func(*http.Request, int, int) string { return okAnswer }))
	dial := lane.dial
	lane.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		defer cancel()
		return dial(ctx, network, address)
	}
	if _, err := lane.exchange(ctx, sealed{}); !errors.Is(err, context.Canceled) || lane.conn != nil {
		t.Errorf("got %v", err)
	}
}

func TestWhichLaneALoadTakes(t *testing.T) {
	proxy := func(*http.Request) (*url.URL, error) { return url.Parse("http://localhost:8080") }
	direct := func(*http.Request) (*url.URL, error) { return nil, nil }
	for name, tt := range map[string]struct {
		options Options
		plan    Plan
		wire    bool
	}{
		"plain HTTP":                         {Options{Endpoint: "http://localhost/"}, Plan{}, true},
		"TLS":                                {Options{Endpoint: "https://localhost/"}, Plan{}, false},
		"a proxy":                            {Options{Endpoint: "http://localhost/", Transport: NewTransport(TransportOptions{Proxy: proxy})}, Plan{}, false},
		"a proxy for others":                 {Options{Endpoint: "http://localhost/", Transport: NewTransport(TransportOptions{Proxy: direct})}, Plan{}, true},
		"another transport":                  {Options{Endpoint: "http://localhost/", Transport: &script{}}, Plan{}, false},
		"a rate that keeps lanes busy":       {Options{Endpoint: "http://localhost/"}, Plan{Rate: 50, Concurrency: 50}, true},
		"a rate that leaves lanes idle":      {Options{Endpoint: "http://localhost/"}, Plan{Rate: 49, Concurrency: 50}, false},
		"few messages need few lanes anyway": {Options{Endpoint: "http://localhost/"}, Plan{Rate: 2, Concurrency: 50, Count: 2}, true},
	} {
		t.Run(name, func(t *testing.T) {
			lane := newClient(t, tt.options).openLane(t.Context(), tt.plan)
			defer lane.close()
			if _, isWire := lane.(*wire); isWire != tt.wire {
				t.Errorf("it is a %T", lane)
			}
		})
	}
}

// FuzzAWireEndsOnAnyAnswer keeps the law that whatever an endpoint sends, an exchange ends, in a final status or an error, and
// leaves no connection behind that was not read to the end of its answer.
func FuzzAWireEndsOnAnyAnswer(f *testing.F) {
	for _, answer := range []string{
		"", okAnswer, okAnswer + okAnswer, "HTTP/1.1 100 Continue\r\n\r\n" + okAnswer, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "\x16\x03\x01\x00",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
	} {
		f.Add([]byte(answer))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		here, there := net.Pipe()
		defer there.Close()
		go func() {
			request, err := http.ReadRequest(bufio.NewReader(there))
			if err == nil {
				_, _ = io.Copy(io.Discard, request.Body)
				_, _ = there.Write(answer)
			}
			there.Close()
		}()
		transport := NewTransport(TransportOptions{})
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) { return here, nil }
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: transport, Timeout: 10 * time.Second})
		lane := client.openLane(t.Context(), Plan{}).(*wire)
		defer lane.close()
		status, err := lane.exchange(t.Context(), sealed{body: []byte(eventBody)})
		if kindOf(err) == KindTimeout {
			t.Fatalf("%q keeps the lane waiting", answer)
		}
		if err == nil && status < 200 && status != 101 {
			t.Fatalf("%q is %d", answer, status)
		}
		if err != nil && lane.conn != nil {
			t.Fatalf("%q is %v and leaves the connection", answer, err)
		}
	})
}
