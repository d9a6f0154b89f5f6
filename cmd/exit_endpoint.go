package cmd

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

// explainEndpoint is about where events are sent, and what came back.
func explainEndpoint(err error) (code int, message, hint string) {
	var (
		budget      *delivery.BudgetError
		check       *checkError
		unreachable *delivery.UnreachableError
		redirect    *delivery.RedirectError
		status      *delivery.StatusError
		endpoint    *delivery.EndpointError
		option      *delivery.OptionError
		format      *view.FormatError
		route       *forward.RouteError
		fault       *forward.FaultError
		response    *receiver.ResponseError
		expectation *receiver.ExpectationError
		certificate *receiver.CertificateError
	)
	switch {
	case errors.As(err, &budget):
		return exitCheck, "", "the report above shows where the time went and what failed"
	case errors.As(err, &check):
		return exitCheck, "", ""
	case errors.As(err, &unreachable):
		return exitUnreachable, "", unreachableHint(unreachable)
	case errors.As(err, &redirect):
		return exitStatus, "", "redirects are never followed, they would carry the signed body elsewhere; give the final URL with --to"
	case errors.As(err, &status):
		return exitStatus, "", statusHint(err, status)
	case errors.As(err, &endpoint):
		return exitUsage, "", endpointHint
	case errors.As(err, &option):
		return exitUsage, "", "--help lists what each flag takes"
	case errors.As(err, &route):
		return exitUsage, "", "a route is a URL, or patterns and a URL: 'voucher.*=http://localhost:4000/vouchers'"
	case errors.As(err, &fault):
		return exitUsage, "", "faults are such as delay=2s@10%,duplicate@5%,drop@1%,reorder@5%,status=500@20%"
	case errors.As(err, &response):
		return exitUsage, "", "responses are such as 500@20%,429@5%"
	case errors.As(err, &expectation):
		return exitUsage, "", "expectations are such as 'certificate.minted=1,voucher.*>=2,bulk_job.failed=0'"
	case errors.As(err, &certificate):
		return exitUsage, "", "--tls-cert and --tls-key name PEM files that belong together; --tls makes its own"
	case errors.As(err, &format):
		return exitUsage, "", "the formats are " + strings.Join(format.Known, ", ")
	}
	return exitSuccess, "", ""
}

const endpointHint = "an endpoint is a URL such as " + defaultEndpoint

func unreachableHint(e *delivery.UnreachableError) string {
	switch e.Kind {
	case delivery.KindRefused:
		return connectHint(e)
	case delivery.KindDNS:
		return "check the host of --to, and that this machine can resolve names"
	case delivery.KindTLS:
		if e.NoTLS() {
			return "a server without TLS listens there: use http://, or have it serve a certificate"
		}
		return "check the certificate; --cacert trusts an authority of your own, http:// goes without TLS on loopback"
	case delivery.KindTimeout:
		return "answer 2xx first and handle the event afterwards; --timeout waits longer"
	case delivery.KindReset:
		return "the server ended the connection; its log may say why; one that wants https:// may do so to http://"
	case delivery.KindProxy:
		return "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY"
	default:
		return "check that an HTTP server listens at --to"
	}
}

func connectHint(e *delivery.UnreachableError) string {
	hint := "nothing listens on " + net.JoinHostPort(e.Host, e.Port)
	if e.Host == "localhost" || net.ParseIP(e.Host).IsLoopback() {
		return hint + "; start your server, or try pbhook listen :" + e.Port
	}
	return hint + "; start the server there, or name another endpoint with --to"
}

func statusHint(err error, e *delivery.StatusError) string {
	if failed, ok := errors.AsType[*deliveryError](err); ok && failed.refusedAsItShould() {
		return failed.spoiled + " delivery was refused, as it should be"
	}
	if e.WantsTLS() {
		return "a server with TLS listens there: use https://"
	}
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "does the server verify the raw body, with the same signing secret as pbhook's?"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "is that the path that takes webhooks by POST? name another one with --to"
	case http.StatusGone:
		return "410 tells the sender to stop for good; no more attempts are made"
	case http.StatusTooManyRequests:
		return "the server wants fewer; --retries N waits as long as its Retry-After says"
	case http.StatusRequestEntityTooLarge:
		return "raise the body limit of the server"
	}
	if e.Status >= http.StatusInternalServerError {
		return "the server failed on this event; its log may say why, -v shows what was sent"
	}
	return "the server refused this event; -v shows what was sent and all that it answered"
}
