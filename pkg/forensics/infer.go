package forensics

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// infer lists what is likely. Structure is looked at only when nothing is proven: a cause that explains nothing more
// is worse than none.
func (o Options) infer(c Case, read reading, proof *hit, valid bool) []Inference {
	if proof != nil {
		return o.inferTime(c, proof.combination.clock.text, valid)
	}
	all := inferHeader(c.Headers, read)
	all = append(all, inferSecrets(o.Secrets)...)
	all = append(all, inferBody(c)...)
	if len(all) == 0 {
		all = append(all, untraced(c.Body)...)
	}
	return all
}

func inferSecrets(secrets []NamedSecret) []Inference {
	var all []Inference
	for _, secret := range secrets {
		value := strings.Trim(secret.Secret.Reveal(), secretSpace+secretQuotes)
		name := "the secret " + strconv.Quote(secret.Name)
		switch {
		case strings.HasPrefix(value, "sk_"), strings.HasPrefix(value, "pk_"):
			all = append(all, Inference{"secret.api-key", name + " is an API key, not a webhook secret", "use the webhook's secret, which begins with whsec_"})
		case strings.HasPrefix(value, "eyJ"):
			all = append(all, Inference{"secret.jwt", name + " is a JWT, not a webhook secret", "use the webhook's secret, which begins with whsec_"})
		case isRedacted(value):
			all = append(all, Inference{"secret.redacted", name + " is redacted", "copy the whole secret"})
		}
	}
	return all
}

func inferBody(c Case) []Inference {
	var all []Inference
	declared, err := strconv.Atoi(strings.TrimSpace(c.ContentLength))
	known := err == nil && declared >= 0
	truncated := endsEarly(c.Body) && (!known || declared > len(c.Body))
	switch {
	case len(bytes.TrimSpace(c.Body)) == 0 && known && declared == 0:
		all = append(all, Inference{"body.empty", "the body was sent empty: Content-Length says 0 bytes", "see what the sender posts: an event is a JSON object"})
	case len(bytes.TrimSpace(c.Body)) == 0:
		all = append(all, Inference{"body.empty", "the body is empty: most likely it had been read before it was verified, and a stream is read once", hintRaw})
	case truncated:
		all = append(all, Inference{"body.truncated", "the body was cut off: its JSON ends early", "capture the body to its end"})
	case known && declared != len(c.Body):
		all = append(all, Inference{
			"body.length", "the body was altered after it arrived: Content-Length says " + strconv.Itoa(declared) +
				" bytes, there are " + strconv.Itoa(len(c.Body)), hintRaw,
		})
	}
	if len(c.Body) <= inferredUpTo && !utf8.Valid(c.Body) && json.Valid(c.Body) {
		all = append(all, Inference{"body.not-utf8", "the body is not UTF-8, in which JSON is sent: its charset was changed, or bytes of it were", hintCharset})
	}
	if bytes.Contains(c.Body, []byte(string(utf8.RuneError))) {
		all = append(all, Inference{"body.replaced-characters", "characters of the body were lost: it holds U+FFFD, which decoders put in their place", hintCharset})
	}
	return all
}

// endsEarly reports whether body is the beginning of a JSON object or array and nothing in it is wrong but its end.
func endsEarly(body []byte) bool {
	bare := bytes.TrimLeft(body, " \t\r\n")
	if len(bare) == 0 || bare[0] != '{' && bare[0] != '[' {
		return false
	}
	var value json.RawMessage
	return errors.Is(json.NewDecoder(bytes.NewReader(bare)).Decode(&value), io.ErrUnexpectedEOF)
}

// inferredUpTo is how many bytes of a body are worth a guess once the search is over.
const inferredUpTo = mixedUpTo

// untraced is said when nothing was found and nothing stands out. A body that JSON.stringify would have written shows
// no trace of what it may have lost; another form shows who wrote it.
func untraced(body []byte) []Inference {
	if len(body) > inferredUpTo || !utf8.Valid(body) || !json.Valid(body) || !bytes.ContainsAny(body, "{[") {
		return nil
	}
	const hint = "compare the secret with the webhook's; capture the raw bytes of the request"
	if is := recognise(body); is.known && (is.spacing.id != "" || is.escaping.id != "") {
		return []Inference{{
			"body.reserialised",
			"the body was parsed and written again, and lost more than can be undone (key order, number form, content), or the " +
				"secret is not the one it was signed with: it is " + is.String() + ", as serialisers and tools write",
			hint,
		}}
	}
	text, ok := stringify(nil, source{body: body, json: true})
	if !ok || !bytes.Equal(text, body) {
		return nil
	}
	return []Inference{{
		"body.no-trace",
		"the secret is not the one it was signed with, the content was altered, or the body was parsed and written again and lost " +
			"white space, key order or number form: it is exactly what JSON.stringify writes",
		hint,
	}}
}
