package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	dialTimeout      = 10 * time.Second
	keepAlive        = 30 * time.Second
	idleTimeout      = 90 * time.Second
	continueTimeout  = time.Second
	maxAnswerHeader  = 64 << 10 // bytes
	defaultIdleConns = 16
)

// TransportOptions say how to reach endpoints. The zero value verifies certificates against the roots of the system and
// uses no proxy.
type TransportOptions struct {
	// InsecureSkipVerify accepts any certificate.
	InsecureSkipVerify bool
	// RootCAs are the only authorities to trust; nil trusts those of the system.
	RootCAs *x509.CertPool
	// Proxy names the proxy for a request, as http.ProxyFromEnvironment does; nil uses none.
	Proxy func(*http.Request) (*url.URL, error)
	// Concurrency is how many connections to one endpoint are kept open between requests; 0 keeps 16.
	Concurrency int
}

// NewTransport returns a transport tuned for many requests to one endpoint. Unlike the default transport it asks for no
// compression, so that answers are what the endpoint wrote, and bounds what it reads. A host called localhost is tried at
// both loopback addresses, for servers differ in which of them they listen on.
func NewTransport(o TransportOptions) *http.Transport {
	idle := o.Concurrency
	if idle <= 0 {
		idle = defaultIdleConns
	}
	return &http.Transport{
		Proxy:                  o.Proxy,
		DialContext:            newDial(),
		TLSClientConfig:        &tls.Config{RootCAs: o.RootCAs, InsecureSkipVerify: o.InsecureSkipVerify, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		DisableCompression:     true,
		MaxIdleConns:           idle,
		MaxIdleConnsPerHost:    idle,
		IdleConnTimeout:        idleTimeout,
		ExpectContinueTimeout:  continueTimeout,
		MaxResponseHeaderBytes: maxAnswerHeader,
		ForceAttemptHTTP2:      true,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
			if response.StatusCode != http.StatusOK {
				return &ProxyError{Status: response.StatusCode}
			}
			return nil
		},
	}
}

type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

func newDial() dialFunc {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		host, port, split := net.SplitHostPort(address)
		if err == nil || split != nil || !strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
			return conn, err
		}
		// The resolver of this machine may know only one of the two.
		for _, loopback := range []string{"::1", "127.0.0.1"} {
			if conn, again := dialer.DialContext(ctx, network, net.JoinHostPort(loopback, port)); again == nil {
				return conn, nil
			}
		}
		return nil, err
	}
}
