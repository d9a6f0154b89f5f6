// Package delivery sends webhook events to one endpoint as Pocketbook sends them: signed, never following a redirect,
// with retries and, to try an endpoint under load, many at once.
//
//	client, err := delivery.New(delivery.Options{
//		Endpoint: "http://localhost:3000/webhooks/pocketbook",
//		Secret:   secret,
//	})
//	…
//	defer client.Close()
//	outcome := client.Deliver(ctx, message, delivery.Policy{Retries: 3}, delivery.Observer{})
//	if err := outcome.Err(); err != nil {
//		// *StatusError, *RedirectError, *UnreachableError, or the context's error
//	}
//
// A [Client] makes one signed attempt ([Client.Attempt]), a delivery with retries over it ([Client.Deliver]) or a load run
// ([Client.Load]); [Client.Request] says what would be sent without sending it. Every attempt carries the event as it is
// and is signed anew, so t and v1 differ from attempt to attempt while the event id stays.
//
// Only 2xx is success. What a receiver answers is bounded: 64 KiB of the body are kept, 1 MiB is read, the rest is left.
package delivery

import (
	"net/http"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// Message is one event ready to be sent.
type Message struct {
	// ID and Type are those of the event, for reports; the endpoint sees only Body.
	ID, Type string
	// Body is the JSON text of the event, sent byte for byte. It must not change until the delivery has ended.
	Body []byte
}

// Client delivers to one endpoint. It is safe for concurrent use.
type Client struct {
	endpoint  endpoint
	head      head
	seal      sealer
	timeout   time.Duration
	transport http.RoundTripper
	now       func() time.Time
}

// New checks the options and returns a client for their endpoint. It returns an [*EndpointError] for an endpoint that
// cannot be sent to, an [*OptionError] for any other option, and signature.ErrEmptySecret when there is nothing to sign
// with. Nothing is sent yet.
func New(o Options) (*Client, error) {
	target, err := parseEndpoint(o.Endpoint)
	if err != nil {
		return nil, err
	}
	if o.Timeout < 0 {
		return nil, &OptionError{Option: "timeout", Value: o.Timeout.String(), Reason: "is negative"}
	}
	head, err := newHead(target, o)
	if err != nil {
		return nil, err
	}
	seal, err := newSealer(o, head.isSigned())
	if err != nil {
		return nil, err
	}
	client := &Client{
		endpoint:  target,
		head:      head,
		seal:      seal,
		timeout:   o.Timeout,
		transport: o.Transport,
		now:       o.Now,
	}
	if client.timeout == 0 {
		client.timeout = DefaultTimeout
	}
	if client.transport == nil {
		client.transport = NewTransport(TransportOptions{})
	}
	if client.now == nil {
		client.now = time.Now
	}
	if o.Age > 0 && head.isSigned() && client.now().Add(-o.Age).Unix() < 1 {
		return nil, &OptionError{Option: "age", Value: o.Age.String(), Reason: "reaches back before 1970"}
	}
	return client, nil
}

// Close drops the idle connections of the transport. Deliveries under way go on.
func (c *Client) Close() {
	if closer, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// Request returns what an attempt at the time at would send: the same header lines in the same order, the same signature,
// the same tampering. It fails as signature.Sign does.
func (c *Client) Request(m Message, at time.Time) (capture.Request, error) {
	sealed, err := c.seal.seal(m.Body, at)
	if err != nil {
		return capture.Request{}, err
	}
	return c.captured(sealed, at), nil
}

func (c *Client) captured(s sealed, at time.Time) capture.Request {
	return capture.Request{
		Method: http.MethodPost,
		URL:    c.endpoint.String(),
		Proto:  "HTTP/1.1",
		Header: c.head.fields(len(s.body), s.signature),
		Body:   s.body,
		Time:   at,
	}
}
