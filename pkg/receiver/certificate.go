package receiver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"
)

// certificateLife is how long a self-made certificate holds; some clients refuse one of more than 825 days.
const certificateLife = 365 * 24 * time.Hour

// NewCertificate makes a key and a certificate of its own authority for this machine: localhost, 127.0.0.1 and ::1. Both are
// PEM; a client trusts the certificate when it is given that as an authority.
func NewCertificate(now time.Time) (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make a key: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, fmt.Errorf("make a serial number: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "pbhook on this machine"},
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		NotBefore:             now.Add(-time.Hour), // clocks differ
		NotAfter:              now.Add(certificateLife),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
		// As an authority it vouches for this machine alone, whoever gets hold of the key.
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         []string{"localhost"},
		PermittedIPRanges: []*net.IPNet{
			{IP: net.IPv4(127, 0, 0, 1).To4(), Mask: net.CIDRMask(32, 32)},
			{IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)},
		},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return nil, nil, fmt.Errorf("make a certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, fmt.Errorf("write the key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil
}

// UseTLS makes server speak TLS with a certificate and its key, both PEM, and tells when the certificate ends. It returns an
// error for what is no certificate or does not belong together. Serve with ServeTLS and empty file names.
func UseTLS(server *http.Server, certificate, key []byte) (expires time.Time, err error) {
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return time.Time{}, &CertificateError{err}
	}
	server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	return pair.Leaf.NotAfter, nil
}

// CertificateError says why a certificate and a key cannot be served with.
type CertificateError struct{ Err error }

func (e *CertificateError) Error() string { return "certificate and key: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *CertificateError) Unwrap() error { return e.Err }
