// Package pocketbook is a client of Pocketbook's enterprise API. It calls what the webhook guide documents and nothing
// else: a webhook is registered by POST /api/enterprise/webhooks (section "Register Your Webhook").
//
//	client, err := pocketbook.New(pocketbook.Options{Token: token})
//	…
//	defer client.Close()
//	webhook, err := client.Register(ctx, pocketbook.Registration{
//		URL:    "https://example.com/webhooks/pocketbook",
//		Events: event.Types(),
//		Active: true,
//	})
//	// webhook.Secret verifies what arrives there
//
// The token goes to the one address that the client was made for, over TLS unless that is on this machine, and never where a
// redirect points.
package pocketbook

import (
	"net/http"
	"net/url"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// DefaultTimeout bounds one call when [Options.Timeout] is zero.
const DefaultTimeout = 30 * time.Second

// Options say which API is called, and as whom. All but Token have a use as their zero value.
type Options struct {
	// URL is that of the API, [DefaultURL] when empty: https, or http on this machine. A path in it goes before that of a call.
	URL string
	// Token is the holder's JWT; without one nothing can be sent, only previewed.
	Token Token
	// UserAgent is "pbhook" when empty.
	UserAgent string
	// Timeout bounds a whole call, from looking the host up to the last byte of the answer; 0 is [DefaultTimeout].
	Timeout time.Duration
	// Transport carries the requests; nil is delivery.NewTransport without options.
	Transport http.RoundTripper
	// Now tells whether a token has expired; nil is time.Now.
	Now func() time.Time
}

// Client calls one API as one account. It is safe for concurrent use.
type Client struct {
	webhooks  *url.URL
	token     Token
	userAgent string
	timeout   time.Duration
	transport http.RoundTripper
	now       func() time.Time
}

// New checks the options. It returns a [*URLError] for a URL that cannot be called. Nothing is sent yet.
func New(o Options) (*Client, error) {
	webhooks, err := WebhooksURL(o.URL)
	if err != nil {
		return nil, err
	}
	client := &Client{
		webhooks: webhooks, token: o.Token, userAgent: o.UserAgent, timeout: o.Timeout, transport: o.Transport, now: o.Now,
	}
	if client.userAgent == "" {
		client.userAgent = "pbhook"
	}
	if client.timeout <= 0 {
		client.timeout = DefaultTimeout
	}
	if client.transport == nil {
		client.transport = delivery.NewTransport(delivery.TransportOptions{})
	}
	if client.now == nil {
		client.now = time.Now
	}
	return client, nil
}

// Close drops the idle connections of the transport.
func (c *Client) Close() {
	if closer, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
