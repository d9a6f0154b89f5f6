package pocketbook

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// DefaultURL is where Pocketbook's API is (Pocketbook webhook guide, section "Register Your Webhook").
const DefaultURL = "https://api.pocketbook.studio"

// webhooksPath is the one path of the API that the guide documents.
const webhooksPath = "/api/enterprise/webhooks"

// URLError says why a URL cannot be used.
type URLError struct {
	What   string // "webhook URL" or "API URL"
	URL    string // with user name and password hidden
	Reason string // "names no host", …
}

func (e *URLError) Error() string { return fmt.Sprintf("%s %q %s", e.What, e.URL, e.Reason) }

// ParseWebhookURL reads the URL of an endpoint as [Client.Register] does: https (the guide requires it for production),
// or http on this machine. The error is a [*URLError].
func ParseWebhookURL(raw string) (*url.URL, error) { return parseURL("webhook URL", raw) }

func parseURL(what, raw string) (*url.URL, error) {
	target, err := delivery.ParseEndpoint(raw)
	if refused, ok := errors.AsType[*delivery.EndpointError](err); ok {
		return nil, &URLError{What: what, URL: refused.Endpoint, Reason: refused.Reason}
	} else if err != nil {
		return nil, err
	}
	if target.Scheme != "https" && !IsLoopback(target) {
		return nil, &URLError{What: what, URL: target.String(), Reason: "needs https://, because it is not on this machine"}
	}
	return target, nil
}

// IsLoopback reports whether the URL leads to this machine: localhost, or a loopback address. A name below localhost does
// not count, for not every resolver keeps it here.
func IsLoopback(u *url.URL) bool {
	return strings.EqualFold(u.Hostname(), "localhost") || net.ParseIP(u.Hostname()).IsLoopback()
}

// WebhooksURL gives the address that webhooks are registered at, from the URL of the API or the whole address; empty is
// [DefaultURL]. The error is a [*URLError].
func WebhooksURL(raw string) (*url.URL, error) {
	if raw == "" {
		raw = DefaultURL
	}
	base, err := parseURL("API URL", raw)
	if err != nil {
		return nil, err
	}
	if base.RawQuery != "" || base.ForceQuery {
		return nil, &URLError{What: "API URL", URL: base.String(), Reason: "has a query"}
	}
	base.Path, base.RawPath = strings.TrimSuffix(strings.TrimRight(base.Path, "/"), webhooksPath), ""
	return base.JoinPath(webhooksPath), nil
}
