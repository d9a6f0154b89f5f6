package ngrok_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.ngrok.com/muxado/v2"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
)

// TestMain passes over the heartbeats of ngrok's library, which end with their next beat and not before.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).requester"),
		goleak.IgnoreAnyFunction("golang.ngrok.com/muxado/v2.(*Heartbeat).check"))
}

// The types of stream in ngrok's protocol.
const (
	authRequest  = 0
	bindRequest  = 1
	proxyRequest = 3
)

// service is ngrok's end of its protocol: as much of it as an endpoint needs.
type service struct {
	listener net.Listener
	roots    *x509.CertPool
	token    string // that it knows

	mu       sync.Mutex
	refusal  string // of the next attempts to listen
	sessions []*agent
	arrived  chan *agent
}

// agent is a client that listens.
type agent struct {
	session muxado.TypedStreamSession
	conn    net.Conn
	bind    struct {
		ID   string `json:"Id"`
		Opts struct{ Domain, Hostname, URL string }
	}
}

func startService(t *testing.T) *service {
	t.Helper()
	certificate, roots := selfSigned(t)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	s := &service{listener: listener, roots: roots, token: "2abcDEFghi_0123456789", arrived: make(chan *agent, 10)}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.drop()
		conns.Wait()
	})
	return s
}

func (s *service) serve(conn net.Conn) {
	defer conn.Close()
	heart := muxado.NewHeartbeat(muxado.NewTypedStreamSession(muxado.Server(conn, nil)), func(time.Duration, bool) {}, nil)
	defer heart.Close()
	heart.Start()
	a := &agent{session: heart, conn: conn}
	s.mu.Lock()
	s.sessions = append(s.sessions, a)
	s.mu.Unlock()
	for {
		stream, err := heart.AcceptTypedStream()
		if err != nil {
			return
		}
		switch stream.StreamType() {
		case authRequest:
			var request struct{ Extra struct{ Authtoken string } }
			json.NewDecoder(stream).Decode(&request)
			answer := map[string]any{"Version": "3", "ClientId": "client"}
			if token := request.Extra.Authtoken; token != s.token {
				answer["Error"] = "The authtoken you specified does not look like a proper ngrok authtoken.\nYour authtoken: " + token + "\n\nERR_NGROK_105\n"
			}
			json.NewEncoder(stream).Encode(answer)
		case bindRequest:
			json.NewDecoder(stream).Decode(&a.bind)
			a.bind.ID = "endpoint"
			s.mu.Lock()
			refusal := s.refusal
			s.mu.Unlock()
			host := a.bind.Opts.Domain + a.bind.Opts.Hostname
			if host == "" {
				host = strings.TrimPrefix(strings.TrimPrefix(a.bind.Opts.URL, "https://"), "http://")
			}
			if host == "" {
				host = "chosen.ngrok.example"
			}
			json.NewEncoder(stream).Encode(map[string]any{
				"Id": a.bind.ID, "URL": "https://" + host, "Proto": "https", "Opts": map[string]any{}, "Error": refusal,
			})
			if refusal == "" {
				s.arrived <- a
			}
		}
		stream.Close()
	}
}

// drop cuts every connection.
func (s *service) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.sessions {
		a.conn.Close()
	}
}

func (s *service) refuse(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal = text
}

func (s *service) provider(t *testing.T) ngrok.Provider {
	t.Helper()
	token, err := ngrok.NewToken(s.token)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	return ngrok.Provider{Token: token, ConnectURL: "localhost:" + port, ConnectCAs: s.roots}
}

// post sends a body through the endpoint of an agent.
func (a *agent) post(t *testing.T, body string) string {
	t.Helper()
	stream, err := a.session.OpenTypedStream(proxyRequest)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	header, _ := json.Marshal(map[string]string{"Id": a.bind.ID, "ClientAddr": "198.51.100.7:4000", "Proto": "https"})
	binary.Write(stream, binary.LittleEndian, int64(len(header)))
	stream.Write(header)
	go fmt.Fprintf(stream, "POST /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	response, err := http.ReadResponse(bufio.NewReader(stream), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
