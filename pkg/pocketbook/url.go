package pocketbook

import (
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
	URL    string
	Reason string // "needs https://, …"
}

func (e *URLError) Error() string { return fmt.Sprintf("%s %q %s", e.What, e.URL, e.Reason) }

// ParseWebhookURL reads the URL of an endpoint as [Client.Register] does: https (the guide requires it for production),
// or http on this machine. It returns a [*delivery.EndpointError] for what is no URL to send to, and a [*URLError] for one
// that is not safe.
func ParseWebhookURL(raw string) (*url.URL, error) { return parseURL("webhook URL", raw) }

func parseURL(what, raw string) (*url.URL, error) {
	target, err := delivery.ParseEndpoint(raw)
	if err != nil {
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

// parseAPI gives the address that webhooks are registered at, from that of the API or from the whole of it.
func parseAPI(raw string) (*url.URL, error) {
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
