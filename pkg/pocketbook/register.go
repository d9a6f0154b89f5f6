package pocketbook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Registration is a webhook that is to be.
type Registration struct {
	URL    string       // of the endpoint: https, or http on this machine
	Events []event.Type // those to be delivered, at least one
	Active bool         // whether deliveries begin at once
}

// Webhook is one that Pocketbook has registered.
type Webhook struct {
	ID     string
	Secret signature.Secret // signs its deliveries; the API hands it out this once
}

// ErrNoEvents says that a registration names no event type.
var ErrNoEvents = errors.New("a webhook needs at least one event type")

const largestAnswer = 1 << 20 // bytes

// Register asks the API for a new webhook, once: it is not tried again, since a second call makes a second webhook.
//
// Before anything is sent it returns a [*URLError], [ErrNoEvents], [ErrEmptyToken], or an [*ExpiredError] for a JWT whose
// time is over. After that it is a [*StatusError] for an answer outside 2xx; a [*delivery.UnreachableError] or
// the error of ctx when no whole answer came, after which the webhook may be registered all the same; or an
// [*AnswerError], with which the Webhook has what the answer did have.
func (c *Client) Register(ctx context.Context, r Registration) (Webhook, error) {
	body, err := r.body()
	if err != nil {
		return Webhook{}, err
	}
	if c.token.IsZero() {
		return Webhook{}, ErrEmptyToken
	}
	if at, ok := c.token.Expires(); ok && !c.now().Before(at) {
		return Webhook{}, &ExpiredError{At: at}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.webhooks.String(), bytes.NewReader(body))
	if err != nil {
		return Webhook{}, err
	}
	for _, field := range c.header() {
		request.Header.Set(field.Name, field.Value)
	}
	request.Header.Set("Authorization", scheme+c.token.Reveal())
	return c.exchange(request)
}

// Preview returns what [Client.Register] would send, with the token taken out; it needs none. It fails as that does
// for a bad registration.
func (c *Client) Preview(r Registration) (capture.Request, error) {
	body, err := r.body()
	if err != nil {
		return capture.Request{}, err
	}
	header := append([]capture.Field{{Name: "Host", Value: c.webhooks.Host}}, c.header()...)
	return capture.Request{
		Method: http.MethodPost, URL: c.webhooks.String(), Proto: "HTTP/1.1", Body: body, Time: c.now(),
		Header: append(header, capture.Field{Name: "Authorization", Value: scheme + "redacted"}),
	}, nil
}

func (c *Client) header() []capture.Field {
	return []capture.Field{{Name: "User-Agent", Value: c.userAgent}, {Name: "Content-Type", Value: "application/json"}}
}

// body is written as JSON.stringify does, in the order of the guide.
func (r Registration) body() ([]byte, error) {
	target, err := ParseWebhookURL(r.URL)
	if err != nil {
		return nil, err
	}
	if len(r.Events) == 0 {
		return nil, ErrNoEvents
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	err = encoder.Encode(struct {
		URL    string       `json:"url"`
		Events []event.Type `json:"events"`
		Active bool         `json:"active"`
	}{target.String(), r.Events, r.Active})
	return bytes.TrimSuffix(body.Bytes(), []byte("\n")), err
}

// exchange goes to the transport itself, for an http.Client would follow redirects.
func (c *Client) exchange(request *http.Request) (Webhook, error) {
	begun := time.Now()
	failed := func(err error) (Webhook, error) {
		if errors.Is(request.Context().Err(), context.Canceled) {
			return Webhook{}, fmt.Errorf("registration interrupted: %w", context.Canceled)
		}
		return Webhook{}, delivery.Unreachable(c.webhooks, err, time.Since(begun))
	}
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return failed(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, largestAnswer+1))
	if response.StatusCode/100 != 2 {
		return Webhook{}, c.refusal(response, body) // which says more than a body that was cut off
	}
	if err != nil {
		return failed(err)
	}
	return c.readWebhook(response.StatusCode, body)
}
