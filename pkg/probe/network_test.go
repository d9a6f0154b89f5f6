package probe

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// authority issues certificates for 127.0.0.1.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{certificate, key}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

func (a authority) issue(t testing.TB, from, to time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "endpoint"}, NotBefore: from, NotAfter: to,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"hooks.example"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// checkReal checks an endpoint on a real socket. The slow case is left out: its time is real as well.
func checkReal(t *testing.T, target string, o Options) Report {
	t.Helper()
	o.Endpoint = target
	if o.Transport == nil {
		o.Transport = delivery.NewTransport(delivery.TransportOptions{})
	}
	o.Skip = append(o.Skip, "http.slow", "http.expect")
	prober := newProber(t, o)
	report := prober.Run(t.Context(), nil)
	if report.Requests > prober.Plan().Max {
		t.Errorf("sent %d requests, and promised at most %d", report.Requests, prober.Plan().Max)
	}
	return report
}

func TestCertificates(t *testing.T) {
	ca, stranger := newAuthority(t), newAuthority(t)
	now := time.Now()
	for name, test := range map[string]struct {
		certificate   tls.Certificate
		verdict       Verdict
		says, warning string
		goesOn        bool
	}{
		"in its dates":        {ca.issue(t, now.AddDate(0, -1, 0), now.AddDate(0, 3, 0)), Passed, "", "", true},
		"about to end":        {ca.issue(t, now.AddDate(0, -1, 0), now.AddDate(0, 0, 10)), Passed, "", "the certificate expires soon, on ", true},
		"expired":             {ca.issue(t, now.AddDate(0, -2, 0), now.AddDate(0, -1, 0)), Failed, "the certificate for hooks.example expired on", "", true},
		"not valid yet":       {ca.issue(t, now.AddDate(0, 1, 0), now.AddDate(0, 2, 0)), Failed, "is not valid before", "", true},
		"of a stranger":       {stranger.issue(t, now.AddDate(0, -1, 0), now.AddDate(0, 3, 0)), Failed, "unknown authority", "", false},
		"of a stranger, late": {stranger.issue(t, now.AddDate(0, -2, 0), now.AddDate(0, -1, 0)), Failed, "expired on", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(&rules{})
			server.Config.ErrorLog = nil
			server.TLS = &tls.Config{Certificates: []tls.Certificate{test.certificate}}
			server.StartTLS()
			defer server.Close()
			report := checkReal(t, server.URL, Options{Transport: delivery.NewTransport(delivery.TransportOptions{RootCAs: ca.pool()})})
			got := resultOf(t, report, "net.cert")
			if got.Verdict != test.verdict || !strings.Contains(got.Reason, test.says) || !strings.Contains(got.Warning, test.warning) {
				t.Errorf("%s: %s %s", got.Verdict, got.Reason, got.Warning)
			}
			want := []string{}
			if test.verdict == Failed {
				want = append(want, "net.cert")
			}
			if diff := cmp.Diff(want, ids(report, Failed)); diff != "" {
				t.Errorf("failed (-want +got):\n%s", diff)
			}
			if (report.Blocked == nil) != test.goesOn {
				t.Errorf("blocked %+v", report.Blocked)
			}
			if test.goesOn && len(ids(report, Inconclusive)) > 0 {
				t.Errorf("inconclusive %v", ids(report, Inconclusive))
			}
			if report.Network.Certificate == nil || report.Network.Remote == "" {
				t.Errorf("network %+v", report.Network)
			}
		})
	}
}

// Whoever answers with another certificate than the one that was out of date is somebody else.
func TestAnotherCertificateThanTheExpiredOneIsRefused(t *testing.T) {
	ca, now := newAuthority(t), time.Now()
	late := ca.issue(t, now.AddDate(0, -2, 0), now.AddDate(0, -1, 0))
	other := ca.issue(t, now.AddDate(0, -2, 0), now.AddDate(0, -1, 0))
	var shown atomic.Int64
	server := httptest.NewUnstartedServer(&rules{})
	// Not by StartTLS, which adds a certificate of its own.
	server.Listener = tls.NewListener(server.Listener, &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		if shown.Add(1) > 3 {
			return &other, nil
		}
		return &late, nil
	}})
	server.Start()
	defer server.Close()
	report := checkReal(t, strings.Replace(server.URL, "http", "https", 1),
		Options{Transport: delivery.NewTransport(delivery.TransportOptions{RootCAs: ca.pool()})})
	if report.Blocked != nil || len(ids(report, Inconclusive)) == 0 {
		t.Errorf("blocked %+v, inconclusive %v", report.Blocked, ids(report, Inconclusive))
	}
	for _, result := range report.Results {
		if result.Verdict == Passed && result.Case.Group != GroupNetwork && result.Case.stage != stageGate && len(result.Exchanges) > 0 {
			t.Errorf("%s passed", result.Case.ID)
		}
	}
}

func TestCertificatesThatAreNotVerifiedAreNotJudged(t *testing.T) {
	server := httptest.NewUnstartedServer(&rules{before: func(w http.ResponseWriter, r *http.Request) bool {
		if r.ProtoMajor != 1 {
			w.WriteHeader(http.StatusHTTPVersionNotSupported)
		}
		return r.ProtoMajor != 1
	}})
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	report := checkReal(t, server.URL, Options{Transport: delivery.NewTransport(delivery.TransportOptions{InsecureSkipVerify: true})})
	if got := resultOf(t, report, "net.cert"); got.Verdict != Skipped || report.Blocked != nil {
		t.Errorf("%s %s, blocked %v", got.Verdict, got.Reason, report.Blocked)
	}
}

// serveRaw hands each connection to talk.
func serveRaw(t testing.TB, talk func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); talk(conn) }()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return "http://" + listener.Addr().String() + "/"
}

func TestHostileAnswersAreBounded(t *testing.T) {
	answer := func(text string) func(net.Conn) {
		return func(conn net.Conn) {
			// What was left unread would reset the connection, and the answer be lost.
			if request, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				io.Copy(io.Discard, request.Body)
			}
			io.WriteString(conn, text)
		}
	}
	for name, test := range map[string]struct {
		talk func(net.Conn)
		says string
	}{
		"nothing":             {func(net.Conn) {}, "closed the connection before its answer was whole"},
		"garbage":             {answer("\x00\x01\x02 garbage \xff\r\n\r\n"), "no answer from"},
		"half a header":       {answer("HTTP/1.1 200 OK\r\nContent-Le"), "no answer from"},
		"half a body":         {answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), "closed the connection before its answer was whole"},
		"a header of a MiB":   {answer("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n"), "no answer from"},
		"interim without end": {answer(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 10_000)), "no answer from"},
	} {
		t.Run(name, func(t *testing.T) {
			report := checkReal(t, serveRaw(t, test.talk), Options{Timeout: 5 * time.Second})
			if report.Blocked == nil || report.Blocked.Kind != BlockedUnreachable || !strings.Contains(report.Blocked.Reason, test.says) {
				t.Fatalf("blocked %+v", report.Blocked)
			}
			if report.Requests > 2 {
				t.Errorf("went on for %d requests", report.Requests)
			}
			if failed := ids(report, Failed); len(failed) > 0 {
				t.Errorf("failed %v", failed)
			}
		})
	}
}

// A right receiver that floods its answers is right, and costs neither memory nor time.
func TestAFloodOfAGigabyteIsLeftUnread(t *testing.T) {
	block := []byte(strings.Repeat("flood ", 10_000))
	flood := &rules{event: func(w http.ResponseWriter, _, _ string, _ []byte) bool {
		for range 18_000 {
			if _, err := w.Write(block); err != nil {
				break
			}
		}
		return true
	}}
	server := httptest.NewServer(flood)
	defer server.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	report := checkReal(t, server.URL, Options{})
	runtime.ReadMemStats(&after)
	if bad := append(ids(report, Failed), ids(report, Inconclusive)...); len(bad) > 0 {
		t.Errorf("not passed: %v", bad)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 256<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
	for _, result := range report.Results {
		for _, e := range result.Exchanges {
			if len(e.Body) > maxKept {
				t.Errorf("%s keeps %d bytes of an answer", result.Case.ID, len(e.Body))
			}
		}
	}
}

func TestReasonsThatNothingIsReached(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	for name, test := range map[string]struct{ target, says string }{
		"refused":    {"http://" + closed, "was refused"},
		"no name":    {"http://nothing.invalid", "was not found"},
		"no TLS":     {"https://" + strings.TrimPrefix(serveRaw(t, func(c net.Conn) { c.Read(make([]byte, 4<<10)); io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") }), "http://"), "does not speak TLS"},
		"not on TLS": {plainAnswer(t, "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"), "the endpoint speaks TLS alone: 400"},
	} {
		t.Run(name, func(t *testing.T) {
			report := checkReal(t, test.target, Options{Timeout: 5 * time.Second})
			if report.Blocked == nil || !strings.Contains(report.Blocked.Reason, test.says) || report.Blocked.Remedy == "" {
				t.Errorf("blocked %+v", report.Blocked)
			}
		})
	}
}

// An answer that is lost with its connection says nothing about whether the body was refused.
func TestALargeBodyThatIsCutOffIsInconclusive(t *testing.T) {
	server := httptest.NewServer(&rules{before: func(_ http.ResponseWriter, r *http.Request) bool {
		if r.ContentLength > 1<<20 {
			panic(http.ErrAbortHandler)
		}
		return false
	}})
	defer server.Close()
	report := checkReal(t, server.URL, Options{})
	if diff := cmp.Diff([]string{"size.5m"}, ids(report, Inconclusive)); diff != "" {
		t.Errorf("inconclusive (-want +got):\n%s", diff)
	}
	if failed := ids(report, Failed); len(failed) > 0 {
		t.Errorf("failed %v", failed)
	}
}

// plainAnswer reads a request to its end, so that the answer is not lost with the connection.
func plainAnswer(t *testing.T, answer string) string {
	return serveRaw(t, func(c net.Conn) {
		request, err := http.ReadRequest(bufio.NewReader(c))
		if err == nil {
			io.Copy(io.Discard, request.Body)
			io.WriteString(c, answer)
		}
	})
}

func resultOf(t testing.TB, report Report, id string) Result {
	t.Helper()
	for _, result := range report.Results {
		if result.Case.ID == id {
			return result
		}
	}
	t.Fatalf("no result of %s", id)
	return Result{}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST.": true, "app.localhost": true, "127.0.0.1": true, "127.9.9.9": true, "[::1]": true,
		"[::ffff:127.0.0.1]": true, "localhost.example": false, "10.0.0.1": false, "0.0.0.0": false, "127.0.0.1.example": false,
		"notlocalhost": false,
	} {
		if got := IsLoopback(&url.URL{Scheme: "http", Host: host}); got != want {
			t.Errorf("%s: %t", host, got)
		}
	}
}

// The slow case is slow on the wire: its body arrives in pieces, and not at the end.
func TestASlowBodyArrivesInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := &pipes{accept: make(chan net.Conn), closed: make(chan struct{})}
		transport := delivery.NewTransport(delivery.TransportOptions{})
		transport.DialContext = network.dial
		arrived := make(chan []time.Duration, 1)
		go func() {
			conn, begun := <-network.accept, time.Now()
			var times []time.Duration
			request, err := http.ReadRequest(bufio.NewReader(conn))
			for piece := make([]byte, 1<<10); err == nil; {
				_, err = request.Body.Read(piece)
				times = append(times, time.Since(begun))
			}
			io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
			arrived <- times
		}()
		prober := newProber(t, Options{Endpoint: "http://localhost:1", Transport: transport})
		r := &run{prober: prober, wire: prober.wire}
		e := r.wire.exchange(t.Context(), caseOf(t, "http.slow").make(r.sheet("slow", 0)), nil)
		if e.Status != http.StatusNoContent {
			t.Fatalf("status %d: %v", e.Status, e.Err)
		}
		if times := <-arrived; len(times) < slowPieces || times[0] != 0 || times[len(times)-1] != (slowPieces-1)*slowInterval {
			t.Errorf("arrived at %v", times)
		}
	})
}
