package delivery

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"
	"time"
)

// Kind is why an endpoint could not be reached.
type Kind string

const (
	// KindRefused means that nothing listens there.
	KindRefused Kind = "refused"
	// KindDNS means that the host name has no address.
	KindDNS Kind = "dns"
	// KindTLS means that no trusted connection came about.
	KindTLS Kind = "tls"
	// KindTimeout means that no whole answer came in time.
	KindTimeout Kind = "timeout"
	// KindReset means that the connection was closed before the answer was whole.
	KindReset Kind = "reset"
	// KindProxy means that the proxy could not be reached or refused.
	KindProxy Kind = "proxy"
	// KindOther is the rest, such as an answer that is not HTTP.
	KindOther Kind = "other"
)

// UnreachableError says that no whole answer came from an endpoint.
type UnreachableError struct {
	Kind       Kind
	Host, Port string
	After      time.Duration // from the start of the attempt
	Err        error         // the cause, with all its detail
}

// Unreachable says why a request to the target failed, from the error of its transport.
func Unreachable(target *url.URL, err error, after time.Duration) *UnreachableError {
	return &UnreachableError{Kind: kindOf(err), Host: target.Hostname(), Port: portOf(target), After: after, Err: err}
}

func (e *UnreachableError) Error() string {
	address := net.JoinHostPort(e.Host, e.Port)
	switch e.Kind {
	case KindRefused:
		return "connection to " + address + " was refused"
	case KindDNS:
		return e.unresolved()
	case KindTLS:
		if e.NoTLS() {
			return address + " does not speak TLS"
		}
		return fmt.Sprintf("no trusted connection to %s: %v", address, e.Err)
	case KindTimeout:
		return fmt.Sprintf("no answer from %s after %v", address, e.After.Round(time.Millisecond))
	case KindReset:
		return address + " closed the connection before its answer was whole"
	case KindProxy:
		return fmt.Sprintf("no way to %s through the proxy: %v", address, e.Err)
	default:
		return fmt.Sprintf("no answer from %s: %v", address, e.Err)
	}
}

// NoTLS tells whether what listens there answered to TLS without it.
func (e *UnreachableError) NoTLS() bool { return isA[tls.RecordHeaderError](e.Err) }

// unresolved tells a name that has no address from a resolver that gave no answer.
func (e *UnreachableError) unresolved() string {
	var failed *net.DNSError
	if errors.As(e.Err, &failed) && !failed.IsNotFound {
		return fmt.Sprintf("host %s could not be looked up: %s", e.Host, failed.Err)
	}
	return "host " + e.Host + " was not found"
}

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// ProxyError says that the proxy was reached and would not connect to the endpoint.
type ProxyError struct {
	Status int
}

func (e *ProxyError) Error() string { return fmt.Sprintf("proxy answered %d", e.Status) }

func kindOf(err error) Kind {
	switch {
	case isProxy(err):
		return KindProxy
	case isA[*net.DNSError](err):
		return KindDNS
	case isTLS(err):
		return KindTLS
	case isErrno(err, syscall.ECONNREFUSED, windowsRefused):
		return KindRefused
	case isTimeout(err):
		return KindTimeout
	// net.ErrClosed: the transport closed the connection under a body on its way, for it had read the other side's end.
	case isErrno(err, syscall.ECONNRESET, syscall.EPIPE, windowsReset, windowsAborted),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), err != nil && err.Error() == closedIdle:
		return KindReset
	default:
		return KindOther
	}
}

// closedIdle is the text of an error that net/http does not export: the other side closed a new connection before the
// request was on it.
const closedIdle = "http: server closed idle connection"

// Windows reports numbers of its own, which its syscall package does not map to the portable ones.
const (
	windowsAborted = 10053
	windowsReset   = 10054
	windowsRefused = 10061
)

func isErrno(err error, numbers ...syscall.Errno) bool {
	for _, number := range numbers {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}

func isA[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

func isProxy(err error) bool {
	var op *net.OpError
	return isA[*ProxyError](err) || errors.As(err, &op) && op.Op == "proxyconnect"
}

func isTLS(err error) bool {
	// An alert is reported as an operation; crypto/tls has no exported type for it.
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error") {
		return true
	}
	return isA[*tls.CertificateVerificationError](err) || isA[tls.RecordHeaderError](err) ||
		isA[x509.UnknownAuthorityError](err) || isA[x509.HostnameError](err) || isA[x509.CertificateInvalidError](err)
}

func isTimeout(err error) bool {
	var failure net.Error
	return errors.As(err, &failure) && failure.Timeout()
}
