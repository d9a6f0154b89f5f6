package probe

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
)

// expiresSoon is how long before its end a certificate is warned of.
const expiresSoon = 14 * 24 * time.Hour

// Network is what was learnt on the way to the endpoint. Zero fields were not come to.
type Network struct {
	Addresses   []string // that the host resolved to; empty for an address, or through a proxy
	Remote      string   // address that was connected to
	Resolved    time.Duration
	Connected   time.Duration
	Secured     time.Duration // the TLS handshake
	TLSVersion  string
	Certificate *Certificate // nil without TLS
}

// Certificate is the leaf that the endpoint showed.
type Certificate struct {
	Subject, Issuer     string
	NotBefore, NotAfter time.Time
	// Err is why it is not valid. The run goes on only where the dates are all that is wrong.
	Err error
}

// IsLoopback reports whether a URL leads to this machine and nowhere else: localhost (RFC 6761, section 6.3) or a loopback
// address.
func IsLoopback(u *url.URL) bool {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// look is a trace that fills in a Network. A dialler may try several addresses at once, hence the lock.
type look struct {
	mu                       sync.Mutex
	network                  Network
	resolve, connect, secure time.Time
}

func (l *look) trace() *httptrace.ClientTrace {
	locked := func(do func()) {
		l.mu.Lock()
		defer l.mu.Unlock()
		do()
	}
	return &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { locked(func() { l.resolve = time.Now() }) },
		DNSDone: func(done httptrace.DNSDoneInfo) {
			locked(func() {
				l.network.Resolved = time.Since(l.resolve)
				l.network.Addresses = nil
				for _, address := range done.Addrs {
					l.network.Addresses = append(l.network.Addresses, address.String())
				}
			})
		},
		ConnectStart: func(_, _ string) { locked(func() { l.connect = time.Now() }) },
		ConnectDone: func(_, address string, err error) {
			locked(func() {
				if err == nil && l.network.Remote == "" {
					l.network.Connected, l.network.Remote = time.Since(l.connect), address
				}
			})
		},
		TLSHandshakeStart: func() { locked(func() { l.secure = time.Now() }) },
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			locked(func() { l.secured(state, err) })
		},
	}
}

func (l *look) secured(state tls.ConnectionState, err error) {
	l.network.Secured = time.Since(l.secure)
	leaves := state.PeerCertificates
	if unverified, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		leaves = unverified.UnverifiedCertificates
	}
	if len(leaves) == 0 {
		return
	}
	if err == nil {
		l.network.TLSVersion = tls.VersionName(state.Version)
	}
	leaf := leaves[0]
	l.network.Certificate = &Certificate{
		Subject: nameOf(leaf), Issuer: leaf.Issuer.String(), NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter, Err: err,
	}
}

func nameOf(leaf *x509.Certificate) string {
	if len(leaf.DNSNames) > 0 {
		return strings.Join(leaf.DNSNames, ", ")
	}
	return leaf.Subject.String()
}

// again takes over what a second look has found, all but the certificate, of which the first has learnt why it was refused.
func (l *look) again(second *look) {
	found := second.found()
	l.mu.Lock()
	defer l.mu.Unlock()
	found.Certificate = l.network.Certificate
	l.network = found
}

// found is a copy of what is known by now.
func (l *look) found() Network {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.network
}

// outOfDate gives a wire that trusts the certificate that was refused, and no other, if its dates are all that is wrong with
// it. The answers then still come from the one who had the certificate, so the run can go on.
func (w *wire) outOfDate(err error) (*wire, bool) {
	invalid, dated := errors.AsType[x509.CertificateInvalidError](err)
	refused, seen := errors.AsType[*tls.CertificateVerificationError](err)
	transport, tuned := w.transport.(*http.Transport)
	if !dated || invalid.Reason != x509.Expired || !seen || !tuned || len(refused.UnverifiedCertificates) == 0 {
		return nil, false
	}
	leaf := refused.UnverifiedCertificates[0]
	intermediates := x509.NewCertPool()
	for _, other := range refused.UnverifiedCertificates[1:] {
		intermediates.AddCert(other)
	}
	var roots *x509.CertPool
	if transport.TLSClientConfig != nil {
		roots = transport.TLSClientConfig.RootCAs
	}
	_, err = leaf.Verify(x509.VerifyOptions{
		DNSName: w.url.Hostname(), Roots: roots, Intermediates: intermediates, CurrentTime: leaf.NotAfter.Add(-time.Second),
	})
	if err != nil {
		return nil, false
	}
	pinned := transport.Clone()
	pinned.TLSClientConfig.InsecureSkipVerify = true
	pinned.TLSClientConfig.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) == 0 || !state.PeerCertificates[0].Equal(leaf) {
			return errors.New("the endpoint shows another certificate than at first")
		}
		return nil
	}
	return newWire(w.url, w.timeout, pinned), true
}

// judgeCertificate gives the verdict of net.cert.
func (r *run) judgeCertificate(c Case) Result {
	certificate := r.report.Network.Certificate
	switch {
	case r.prober.url.Scheme != "https":
		return skipped(c, "there is no certificate without HTTPS")
	case r.prober.skipsTLSVerify():
		return skipped(c, "certificates were told not to be verified")
	case certificate == nil:
		return inconclusive(c, "no certificate was seen")
	case certificate.Err != nil:
		reason := "the certificate is not valid: " + certificate.Err.Error()
		if !certificate.NotAfter.After(r.prober.now()) {
			reason = fmt.Sprintf("the certificate for %s expired on %s", certificate.Subject, certificate.NotAfter.UTC().Format(time.DateTime))
		} else if certificate.NotBefore.After(r.prober.now()) {
			reason = fmt.Sprintf("the certificate for %s is not valid before %s", certificate.Subject, certificate.NotBefore.UTC().Format(time.DateTime))
		}
		return failed(c, FaultCertificate, reason)
	}
	result := passed(c)
	if left := certificate.NotAfter.Sub(r.prober.now()); left < expiresSoon {
		result.Warning = "the certificate expires soon, on " + certificate.NotAfter.UTC().Format(time.DateTime)
	}
	return result
}

func (p *Prober) skipsTLSVerify() bool {
	transport, ok := p.wire.transport.(*http.Transport)
	return ok && transport.TLSClientConfig != nil && transport.TLSClientConfig.InsecureSkipVerify
}

func (r *run) judgeHTTPS(c Case) Result {
	switch {
	case r.prober.url.Scheme == "https":
		return passed(c)
	case IsLoopback(r.prober.url):
		result := passed(c)
		result.Note = "over HTTP, which does on a loopback address"
		return result
	}
	host := r.prober.url.Hostname()
	if address := net.ParseIP(host); address != nil && address.IsPrivate() {
		host += " (a private address)"
	}
	return failed(c, FaultInsecure, "the URL is http://, and "+host+" is another machine")
}
