package receiver_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

func TestASelfMadeCertificateIsTrustedByWhoeverIsGivenIt(t *testing.T) {
	now := time.Now()
	certificate, key, err := receiver.NewCertificate(now)
	if err != nil {
		t.Fatal(err)
	}
	server := receiver.NewServer(receiver.New(receiver.Options{}), receiver.Limits{})
	server.ErrorLog = nil
	expires, err := receiver.UseTLS(server, certificate, key)
	if err != nil || expires.Before(now.Add(364*24*time.Hour)) {
		t.Fatalf("UseTLS: until %v, %v", expires, err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { server.Close() })

	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(certificate) {
		t.Fatal("no certificate to trust")
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	for host, trusted := range map[string]bool{"127.0.0.1": true, "localhost": true, "evil.example": false} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: host}}
		client := &http.Client{Transport: transport}
		resp, err := client.Post("https://127.0.0.1:"+port, "application/json", strings.NewReader(minted))
		if (err == nil) != trusted {
			t.Errorf("as %s: %v, want trusted %t", host, err, trusted)
		}
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		transport.CloseIdleConnections()
	}
}

// Whoever trusts the certificate must not have to trust what else its key signs.
func TestASelfMadeCertificateVouchesForThisMachineAlone(t *testing.T) {
	text, _, err := receiver.NewCertificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	made, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if made.MaxPathLen != 0 || !made.MaxPathLenZero {
		t.Errorf("it may make other authorities: path length %d", made.MaxPathLen)
	}
	if !made.PermittedDNSDomainsCritical || !slices.Equal(made.PermittedDNSDomains, []string{"localhost"}) || len(made.PermittedIPRanges) != 2 {
		t.Errorf("it vouches for %v and %v, critical %t", made.PermittedDNSDomains, made.PermittedIPRanges, made.PermittedDNSDomainsCritical)
	}
}

func TestUseTLSSaysWhatDoesNotBelongTogether(t *testing.T) {
	one, key, err := receiver.NewCertificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := receiver.NewCertificate(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2][]byte{"another key": {one, other}, "no certificate": {[]byte("x"), key}, "no key": {one, nil}} {
		var failed *receiver.CertificateError
		if _, err := receiver.UseTLS(new(http.Server), pair[0], pair[1]); !errors.As(err, &failed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
