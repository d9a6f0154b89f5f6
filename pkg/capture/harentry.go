package capture

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// harEntry reads the request of one entry, as browsers, proxies and [Writer] write it.
func harEntry(entry gjson.Result, maxBody int) (Request, *DecodeError) {
	from := entry.Get("request")
	method, hasMethod := exactText(from.Get("method"))
	address, hasURL := exactText(from.Get("url"))
	if !hasMethod || !hasURL {
		return Request{}, reject("has no request with a method and a url")
	}
	request := Request{
		Method:     method,
		URL:        address,
		Proto:      harProto(from.Get("httpVersion").String()),
		RemoteAddr: entry.Get("_remoteAddr").String(),
	}
	if at, err := time.Parse(time.RFC3339Nano, entry.Get("startedDateTime").String()); err == nil {
		request.Time = at
	}
	for _, line := range from.Get("headers").Array() {
		name, hasName := exactText(line.Get("name"))
		value, hasValue := exactText(line.Get("value"))
		if !hasName || !hasValue {
			return Request{}, reject("has a header line without a name and a value")
		}
		// The pseudo-headers of HTTP/2, which Chromium lists, say again what the request line says.
		if !strings.HasPrefix(name, ":") {
			request.Header = append(request.Header, Field{name, value})
		}
	}
	var invalid *DecodeError
	if request.Body, invalid = harBody(from, request); invalid == nil && len(request.Body) > maxBody {
		invalid = tooLarge("the body", maxBody)
	}
	if invalid != nil {
		return Request{}, invalid
	}
	return request, nil
}

// harProto undoes the lower case of Chromium. "unknown" is what it writes where it never learnt the protocol.
func harProto(version string) string {
	if version == "unknown" {
		return ""
	}
	if strings.HasPrefix(version, "http/") {
		return strings.ToUpper(version)
	}
	return version
}

func harBody(from gjson.Result, r Request) ([]byte, *DecodeError) {
	post := from.Get("postData")
	written := post.Get("text")
	if !written.Exists() {
		return harForm(from, r)
	}
	text, ok := exactText(written)
	if !ok {
		return nil, reject("has a body that is not text, or holds half a surrogate pair")
	}
	encoding := post.Get("encoding").String() + post.Get("_encoding").String()
	switch encoding {
	case "":
		if body, ok := latin1(text); ok && len(body) == harBodySize(from, r) && isOpaque(post.Get("mimeType").String()) {
			return body, nil
		}
		return []byte(text), nil
	case "base64":
		body, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, reject("has a body that is not base64")
		}
		return body, nil
	}
	return nil, reject("has a body in the unknown encoding %.40q", encoding)
}

// latin1 undoes what Chromium and mitmproxy do to a body that is not UTF-8: each byte stands as the character of its
// number. That the length fits what was sent tells such a text from one that is meant.
func latin1(text string) ([]byte, bool) {
	body := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return nil, false
		}
		body = append(body, byte(r))
	}
	return body, !utf8.Valid(body)
}

func isOpaque(mimeType string) bool {
	return !strings.HasPrefix(mimeType, "text/") && !strings.Contains(mimeType, "json") && !strings.Contains(mimeType, "xml")
}

// harForm writes a form out of its fields where no text of it was kept, and tells no body from one that was left out.
func harForm(from gjson.Result, r Request) ([]byte, *DecodeError) {
	post := from.Get("postData")
	params := post.Get("params").Array()
	if len(params) > 0 && strings.HasPrefix(post.Get("mimeType").String(), "application/x-www-form-urlencoded") {
		var form []string
		for _, param := range params {
			form = append(form, url.QueryEscape(param.Get("name").String())+"="+url.QueryEscape(param.Get("value").String()))
		}
		return []byte(strings.Join(form, "&")), nil
	}
	if harBodySize(from, r) != 0 {
		return nil, reject("has no body: it was left out of the archive").because(ErrBodyMissing)
	}
	return nil, nil
}

// harBodySize is -1 where a body is likely and nothing says how long it was.
func harBodySize(from gjson.Result, r Request) int {
	for _, length := range r.Values("Content-Length") {
		if size, err := strconv.Atoi(length); err == nil {
			return size
		}
	}
	if size := from.Get("bodySize"); size.Type == gjson.Number && size.Int() >= 0 {
		return int(size.Int())
	}
	if expectsBody(r.Method) {
		return -1
	}
	return 0
}

// expectsBody reports whether a request that does not tell how long its body is, is likely to have one.
func expectsBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}
