package delivery

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestWhyAnEndpointCannotBeReached fails in every way there is, through the transport and over the lane of a load run.
func TestWhyAnEndpointCannotBeReached(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(secure.Certificate())
	proxyTo := func(address string) *http.Transport {
		proxy, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return NewTransport(TransportOptions{Proxy: http.ProxyURL(proxy)})
	}
	withoutNames := NewTransport(TransportOptions{})
	withoutNames.DialContext = (&net.Dialer{Resolver: &net.Resolver{
		PreferGo: true,
		Dial:     func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no name server") },
	}}).DialContext
	unknown := NewTransport(TransportOptions{})
	unknown.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "nobody.example", IsNotFound: true}}
	}
	forbidding := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })

	for name, tt := range map[string]struct {
		options Options
		kind    Kind
		says    string
	}{
		"nothing listens":                  {Options{Endpoint: "http://" + closedPort(t)}, KindRefused, "was refused"},
		"nothing listens at localhost":     {Options{Endpoint: strings.Replace("http://"+closedPort(t), "127.0.0.1", "localhost", 1)}, KindRefused, "connection to localhost:"},
		"nothing listens with TLS":         {Options{Endpoint: "https://" + closedPort(t)}, KindRefused, "was refused"},
		"the name is unknown":              {Options{Endpoint: "http://nobody.example/", Transport: unknown}, KindDNS, "host nobody.example was not found"},
		"names cannot be looked up":        {Options{Endpoint: "http://nobody.example/", Transport: withoutNames}, KindDNS, "host nobody.example could not be looked up: no name server"},
		"the authority is unknown":         {Options{Endpoint: secure.URL}, KindTLS, "no trusted connection"},
		"the certificate is of another":    {Options{Endpoint: strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), Transport: NewTransport(TransportOptions{RootCAs: trusted})}, KindTLS, "localhost"},
		"there is no TLS":                  {Options{Endpoint: strings.Replace(serve(t, nil).URL, "http:", "https:", 1)}, KindTLS, "does not speak TLS"},
		"no answer comes":                  {Options{Endpoint: hang(t), Timeout: 30 * time.Millisecond}, KindTimeout, "no answer from 127.0.0.1:"},
		"the answer stays half":            {Options{Endpoint: answerWith(t, half), Timeout: 30 * time.Millisecond}, KindTimeout, "no answer"},
		"the connection is closed at once": {Options{Endpoint: serveRaw(t, func(net.Conn, int) {})}, KindReset, "closed the connection"},
		"it is closed after the request":   {Options{Endpoint: answerWith(t, func(*http.Request, int, int) string { return "" })}, KindReset, "closed the connection"},
		"it is closed within the header":   {Options{Endpoint: answerOnce(t, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")}, KindReset, "closed the connection"},
		"it is closed within the body":     {Options{Endpoint: answerOnce(t, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")}, KindReset, "closed the connection"},
		"the answer is not HTTP":           {Options{Endpoint: answerOnce(t, "SSH-2.0-OpenSSH_9.9\r\n\r\n")}, KindOther, "malformed"},
		"the header has no end":            {Options{Endpoint: answerOnce(t, "HTTP/1.1 200 OK\r\nX-A: "+strings.Repeat("a", 1<<20))}, KindOther, "header"},
		"the proxy is not there":           {Options{Endpoint: "http://example.com/", Transport: proxyTo("http://" + closedPort(t))}, KindProxy, "proxy"},
		"the proxy refuses":                {Options{Endpoint: "https://example.com/", Transport: proxyTo(forbidding.URL)}, KindProxy, "proxy answered 407"},
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, tt.options)
			attempt := client.Attempt(t.Context(), event(), 1)
			checkKind(t, "attempt", attempt.Err, tt.kind, tt.says)
			if attempt.OK() {
				t.Error("the attempt is a success")
			}
			report, err := client.Load(t.Context(), Plan{Count: 2, Concurrency: 1}, sourceOf(event()), nil)
			if err != nil {
				t.Fatal(err)
			}
			checkKind(t, "load", report.First, tt.kind, tt.says)
			if report.Errors[tt.kind] != 2 || report.Sent != 2 || report.OK != 0 || len(report.Statuses) > 0 {
				t.Errorf("load: got %+v", report)
			}
			if samples := report.Latency.Samples; samples > 0 != (tt.kind == KindTimeout) {
				t.Errorf("load: %d latencies of %s", samples, tt.kind)
			}
		})
	}
}

func half(*http.Request, int, int) string {
	return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"
}

// answerOnce answers one request on each connection and closes it.
func answerOnce(t *testing.T, answer string) string {
	return serveRaw(t, func(conn net.Conn, _ int) {
		request, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		_, _ = io.WriteString(conn, answer)
	})
}

func checkKind(t *testing.T, who string, err error, kind Kind, says string) {
	t.Helper()
	var unreachable *UnreachableError
	if !errors.As(err, &unreachable) {
		t.Fatalf("%s: got %v, want an UnreachableError", who, err)
	}
	if unreachable.Kind != kind || !strings.Contains(err.Error(), says) || unreachable.Host == "" || unreachable.Port == "" {
		t.Errorf("%s: got %s: %v (%v)", who, unreachable.Kind, err, unreachable.Err)
	}
}

// The transport closes a connection under the writer of a large body when its reader sees the end.
func TestAWriteAfterTheEndIsAReset(t *testing.T) {
	err := &net.OpError{Op: "readfrom", Err: &net.OpError{Op: "write", Err: net.ErrClosed}}
	if got := kindOf(err); got != KindReset {
		t.Errorf("got %s, want %s", got, KindReset)
	}
}

func TestWindowsNumbersAreKnown(t *testing.T) {
	for number, kind := range map[error]Kind{
		errnoOf(10061): KindRefused,
		errnoOf(10054): KindReset,
		errnoOf(10053): KindReset,
	} {
		if got := kindOf(&net.OpError{Op: "dial", Err: number}); got != kind {
			t.Errorf("%d: got %s, want %s", number, got, kind)
		}
	}
}

// TestAConnectionClosedBeforeItsRequestIsAReset holds the request back until net/http has noticed.
func TestAConnectionClosedBeforeItsRequestIsAReset(t *testing.T) {
	noticed := make(chan struct{})
	transport := NewTransport(TransportOptions{})
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		return closeNotifier{here, noticed}, there.Close()
	}
	held := roundTripFunc(func(r *http.Request) (*http.Response, error) {
		trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { <-noticed }}
		return transport.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	})
	attempt := newClient(t, Options{Endpoint: "http://localhost/", Transport: held}).Attempt(t.Context(), event(), 1)
	checkKind(t, "attempt", attempt.Err, KindReset, "closed the connection")
}

type closeNotifier struct {
	net.Conn
	closed chan struct{}
}

func (c closeNotifier) Close() error {
	close(c.closed)
	return c.Conn.Close()
}

func TestLocalhostIsTriedAtBothAddresses(t *testing.T) {
	for _, loopback := range []string{"127.0.0.1:0", "[::1]:0"} {
		t.Run(loopback, func(t *testing.T) {
			listener, err := net.Listen("tcp", loopback)
			if err != nil {
				t.Skipf("this machine has no %s", loopback)
			}
			server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}}
			server.Start()
			defer server.Close()
			_, port, err := net.SplitHostPort(listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			for _, host := range []string{"localhost", "LOCALHOST."} {
				client := newClient(t, Options{Endpoint: "http://" + host + ":" + port})
				if err := client.Attempt(t.Context(), event(), 1).Err; err != nil {
					t.Errorf("%s: %v", host, err)
				}
			}
		})
	}
}

func TestTransportTrustsWhatItIsTold(t *testing.T) {
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if encoding := r.Header.Get("Accept-Encoding"); encoding != "" {
			t.Errorf("asks for %s", encoding)
		}
		_, _ = io.WriteString(w, r.Proto)
	}))
	defer secure.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(secure.Certificate())
	for name, options := range map[string]TransportOptions{
		"any certificate":              {InsecureSkipVerify: true},
		"an authority of one's own":    {RootCAs: trusted},
		"and with connections to keep": {RootCAs: trusted, Concurrency: 50},
	} {
		t.Run(name, func(t *testing.T) {
			client := newClient(t, Options{Endpoint: secure.URL, Transport: NewTransport(options)})
			if err := client.Attempt(t.Context(), event(), 1).Err; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestHTTP2IsSpokenAndReported(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	secure.EnableHTTP2 = true
	secure.StartTLS()
	defer secure.Close()
	client := newClient(t, Options{Endpoint: secure.URL, Transport: NewTransport(TransportOptions{InsecureSkipVerify: true})})
	attempt := client.Attempt(t.Context(), event(), 1)
	if attempt.Err != nil || string(attempt.Body) != "HTTP/2.0" || attempt.Request.Proto != "HTTP/2.0" {
		t.Errorf("got %s, reported %s, %v", attempt.Body, attempt.Request.Proto, attempt.Err)
	}
}

func TestParseCACert(t *testing.T) {
	var refused *OptionError
	if _, err := ParseCACert("ca.pem", []byte("no certificate")); !errors.As(err, &refused) || refused.Value != "ca.pem" {
		t.Errorf("got %v", err)
	}
}

func errnoOf(number int) error { return syscall.Errno(number) }

func TestAServerThatWantsTLSIsKnownByItsAnswer(t *testing.T) {
	for body, want := range map[string]bool{
		"Client sent an HTTP request to an HTTPS server.\n":               true,
		"<center>The plain HTTP request was sent to HTTPS port</center>":  true,
		"You're speaking plain HTTP to an SSL-enabled server port.<br />": true,
		"Bad Request\nThis combination of host and port requires TLS.\n":  true,
		`{"error":"the body is no JSON"}`:                                 false,
	} {
		if got := (&StatusError{Status: http.StatusBadRequest, Body: []byte(body)}).WantsTLS(); got != want {
			t.Errorf("%q: got %v, want %v", body, got, want)
		}
		if (&StatusError{Status: http.StatusUnauthorized, Body: []byte(body)}).WantsTLS() {
			t.Errorf("%q with 401 is taken for one that wants TLS", body)
		}
	}
}
