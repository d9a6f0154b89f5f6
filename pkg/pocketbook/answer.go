package pocketbook

import (
	"encoding/json"
	"net/http"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

const (
	largestRefusal = 64 << 10 // bytes that are kept of an answer outside 2xx
	longestID      = 256      // bytes
)

// readWebhook reads {"data":{"webhookId":…,"secret":…}} by exact names: encoding/json takes any case for a field of a
// struct.
func (c *Client) readWebhook(status int, body []byte) (Webhook, error) {
	var webhook Webhook
	fail := func(reason string) (Webhook, error) {
		return webhook, &AnswerError{URL: c.webhooks.String(), Status: status, ID: webhook.ID, Reason: reason}
	}
	if len(body) > largestAnswer {
		return fail("is larger than 1 MiB")
	}
	var answer, data map[string]json.RawMessage
	if err := json.Unmarshal(body, &answer); err != nil {
		return fail("is no JSON object")
	}
	if err := json.Unmarshal(answer["data"], &data); err != nil {
		return fail("has no data")
	}
	secret, err := signature.NewSecret(text(data["secret"]))
	if err == nil {
		webhook.Secret = secret
	}
	if id := text(data["webhookId"]); id == "" || len(id) > longestID {
		return fail("has no data.webhookId")
	} else if webhook.ID = id; err != nil {
		return fail("has no data.secret")
	}
	return webhook, nil
}

// text gives a JSON string, and nothing for another value.
func text(value json.RawMessage) string {
	var s string
	if err := json.Unmarshal(value, &s); err != nil {
		return ""
	}
	return s
}

func (c *Client) refusal(response *http.Response, body []byte) *StatusError {
	refused := &StatusError{
		URL:    c.webhooks.String(),
		Status: response.StatusCode,
		Body:   c.token.hide(string(body[:min(len(body), largestRefusal)])),
	}
	refused.RetryAfter, _ = delivery.ParseRetryAfter(response.Header.Get("Retry-After"), c.now())
	if response.StatusCode/100 == 3 {
		refused.Location = c.token.hide(response.Header.Get("Location"))
	}
	return refused
}
