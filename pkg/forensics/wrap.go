package forensics

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http/httputil"
	"net/url"
	"strings"
)

const (
	hintGateway  = "decode the base64 before verifying (isBase64Encoded): API gateways hand binary bodies on like this"
	hintString   = "verify the text inside the JSON string"
	hintForm     = "send and read the body as application/json, byte for byte, not as a form"
	hintGzip     = "verify the body after its Content-Encoding is undone"
	hintBuffer   = "verify req.body as it is, for it is a Buffer: JSON.stringify writes its bytes as a list of numbers"
	hintChunked  = "verify the body after its Transfer-Encoding is undone"
	hintEnvelope = "verify event.body of the function, not the whole event"
)

// wrapRewrites undo what a body was wrapped in, and wrap what was signed wrapped.
func wrapRewrites() []rewrite {
	return []rewrite{
		unwrapping("decoded from base64", fromBase64, fixed("wrap.base64", "the body was encoded as base64 after it was signed", hintGateway)),
		wrapping("as base64", base64.StdEncoding.AppendEncode, fixed("wrap.base64-signed", "the base64 of the body was signed, not the body", hintSender)),
		wrapping("as base64url", base64.RawURLEncoding.AppendEncode, fixed("wrap.base64-signed", "the base64url of the body was signed, not the body", hintSender)),
		unwrapping("the text inside a JSON string", fromString, fixed("wrap.string", "the body was turned into a JSON string after it was signed", hintString)),
		wrapping("as a JSON string", appendQuoted, fixed("wrap.string-signed", "the body was signed as a JSON string of its text", hintSender)),
		unwrapping("percent-decoded", fromPercent(url.PathUnescape), encoded("the body was percent-encoded after it was signed")),
		unwrapping("decoded as a form", fromPercent(url.QueryUnescape), encoded("the body was encoded as a form after it was signed")),
		unwrapping("decoded as the value of a form field", fromField, fixed("wrap.form", "the body was sent as a field of a form", hintForm)),
		wrapping("percent-encoded", appendComponent, fixed("wrap.url-signed", "the body was signed percent-encoded", hintSender)),
		wrapping("encoded as a form", func(dst, b []byte) []byte { return append(dst, url.QueryEscape(string(b))...) },
			fixed("wrap.url-signed", "the body was signed encoded as a form", hintSender)),
		unwrapping("inflated from gzip", fromGzip, fixed("wrap.gzip", "the body was compressed with gzip after it was signed", hintGzip)),
		unwrapping("inflated from zlib", fromZlib, fixed("wrap.gzip", "the body was compressed with deflate after it was signed", hintGzip)),
		unwrapping("the bytes of a Node.js Buffer written as JSON", fromBuffer, fixed("wrap.buffer", "a Node.js Buffer of the body was serialised as JSON", hintBuffer)),
		unwrapping("without the sizes of its chunks", fromChunks, fixed("wrap.chunked", "the body still holds the sizes of its chunks", hintChunked)),
		unwrapping("the body inside a function's event", fromEvent, fixed("wrap.event", "the body was wrapped in the event of a cloud function", hintEnvelope)),
	}
}

func wrapping(name string, apply func(dst, body []byte) []byte, describe func(signed, received []byte) Change) rewrite {
	return bytesRewrite(name, apply, describe)
}

func unwrapping(name string, apply func(dst, body []byte) ([]byte, bool), describe func(signed, received []byte) Change) rewrite {
	return rewrite{names: []string{name}, kind: kindBytes, describe: describe, apply: func(dst []byte, from source) ([]byte, bool) {
		return apply(dst, from.body)
	}}
}

// fixedRewrites are texts that take the place of a body in broken senders.
func fixedRewrites() []rewrite {
	var all []rewrite
	for _, text := range []struct{ body, cause string }{
		{"", "the empty body was signed: the body had been read already, or was not there yet"},
		{"[object Object]", "a parsed object was signed as the text [object Object]"},
		{"undefined", "the text undefined was signed instead of the body"},
		{"null", "the text null was signed instead of the body"},
		{"None", "the text None was signed instead of the body"},
		{"{}", "the empty object was signed instead of the body"},
	} {
		name := text.body
		if name == "" {
			name = "nothing"
		}
		all = append(all, rewrite{
			names: []string{name + " instead of the body"}, kind: kindFixed,
			apply:    func(dst []byte, _ source) ([]byte, bool) { return append(dst, text.body...), true },
			describe: fixed("body.replaced", text.cause, hintSender),
		})
	}
	return all
}

func fromBase64(dst, body []byte) ([]byte, bool) {
	text := withoutLineBreaks(nil, bytes.TrimSpace(body))
	text = bytes.TrimRight(text, "=")
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if out, err := encoding.AppendDecode(dst, text); err == nil && len(text) > 0 {
			return out, true
		}
	}
	return dst, false
}

func fromString(dst, body []byte) ([]byte, bool) {
	body = bytes.TrimSpace(body)
	if len(body) < 2 || body[0] != '"' || !json.Valid(body) {
		return dst, false
	}
	var text string
	err := json.Unmarshal(body, &text)
	return append(dst, text...), err == nil
}

func appendQuoted(dst, body []byte) []byte {
	var plain escaping
	dst = append(dst, '"')
	for _, r := range string(body) {
		dst = plain.appendRune(dst, r)
	}
	return append(dst, '"')
}

func fromPercent(decode func(string) (string, error)) func(dst, body []byte) ([]byte, bool) {
	return func(dst, body []byte) ([]byte, bool) {
		if !bytes.ContainsAny(body, "%+") {
			return dst, false
		}
		// A form parser takes a whole body for the name of a field and writes it back with an equals sign.
		text, err := decode(string(bytes.TrimSuffix(body, []byte("="))))
		return append(dst, text...), err == nil
	}
}

// encoded tells a body that was encoded from one in which single characters were.
func encoded(cause string) func(signed, received []byte) Change {
	return func(signed, received []byte) Change {
		if bytes.ContainsAny(received, "{\"") {
			cause := "some characters of the body were percent-encoded, or spaces turned into +, after it was signed"
			return fixed("wrap.url-partly", cause, hintForm)(signed, received)
		}
		return fixed("wrap.url", cause, hintForm)(signed, received)
	}
}

func fromField(dst, body []byte) ([]byte, bool) {
	name, value, ok := strings.Cut(string(body), "=")
	if !ok || name == "" || strings.ContainsAny(name, "{\"% ") {
		return dst, false
	}
	text, err := url.QueryUnescape(value)
	return append(dst, text...), err == nil
}

// appendComponent is encodeURIComponent of JavaScript.
func appendComponent(dst, body []byte) []byte {
	for _, b := range body {
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9', strings.IndexByte("-_.!~*'()", b) >= 0:
			dst = append(dst, b)
		default:
			dst = append(dst, '%', "0123456789ABCDEF"[b>>4], "0123456789ABCDEF"[b&15])
		}
	}
	return dst
}

func fromGzip(dst, body []byte) ([]byte, bool) {
	if !bytes.HasPrefix(body, []byte("\x1f\x8b")) {
		return dst, false
	}
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return dst, false
	}
	return inflate(dst, reader, len(body))
}

func fromZlib(dst, body []byte) ([]byte, bool) {
	reader, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return dst, false
	}
	return inflate(dst, reader, len(body))
}

// inflate is bounded more generously than other rewrites, as JSON shrinks to a tenth, but no less surely.
func inflate(dst []byte, reader io.Reader, compressed int) ([]byte, bool) {
	out := bytes.NewBuffer(dst)
	limit := int64(min(4*growth(compressed), 10<<20))
	_, err := io.CopyN(out, reader, limit)
	return out.Bytes(), errors.Is(err, io.EOF)
}

func fromChunks(dst, body []byte) ([]byte, bool) {
	if len(body) == 0 || strings.IndexByte("0123456789abcdefABCDEF", body[0]) < 0 {
		return dst, false
	}
	out := bytes.NewBuffer(dst)
	n, err := io.Copy(out, httputil.NewChunkedReader(bytes.NewReader(body)))
	return out.Bytes(), err == nil && n > 0
}

func fromBuffer(dst, body []byte) ([]byte, bool) {
	if !bytes.Contains(body[:min(len(body), 32)], []byte("Buffer")) {
		return dst, false
	}
	var buffer struct {
		Type string
		Data []uint16
	}
	if json.Unmarshal(body, &buffer) != nil || buffer.Type != "Buffer" {
		return dst, false
	}
	for _, b := range buffer.Data {
		if b > 0xff {
			return dst, false
		}
		dst = append(dst, byte(b))
	}
	return dst, true
}

func fromEvent(dst, body []byte) ([]byte, bool) {
	if !bytes.Contains(body, []byte(`"body"`)) {
		return dst, false
	}
	var event struct {
		Body            json.RawMessage `json:"body"`
		IsBase64Encoded bool            `json:"isBase64Encoded"`
	}
	if json.Unmarshal(body, &event) != nil || len(event.Body) == 0 {
		return dst, false
	}
	if event.Body[0] != '"' { // parsed already
		return append(dst, event.Body...), true
	}
	if event.IsBase64Encoded {
		return fromBase64(dst, bytes.Trim(event.Body, `"`))
	}
	return fromString(dst, event.Body)
}
