package capture

import "strings"

// signatureHeader is the line that carries the signature (Pocketbook webhook guide, section "Signature Format").
const signatureHeader = "X-Webhook-Signature"

// FromBody makes a request of a body that was kept without its head and the signature that came with it. The signature
// is the header's value or its whole line, "X-Webhook-Signature: t=…,v1=…"; without one, "", the request has none. The URL
// is not known and stays empty.
func FromBody(body []byte, signature string) Request {
	request := Request{Method: "POST", Body: body}
	if name, value, found := strings.Cut(signature, ":"); found && strings.EqualFold(strings.TrimSpace(name), signatureHeader) {
		signature = value
	}
	if signature = strings.TrimSpace(signature); signature != "" {
		request.Header = []Field{{signatureHeader, signature}}
	}
	return request
}
