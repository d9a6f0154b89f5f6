package capture

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

var errOtherKind = errors.New("record of another kind")

// anyRecord reads every line that [WriteNDJSON] can write and those that other programs make of them: keys in any order,
// other spacing, other keys. Keys are taken exactly, because a record that two programs read differently proves nothing.
func anyRecord(line []byte, maxBody int) (Request, *DecodeError) {
	switch {
	case !utf8.Valid(line):
		return Request{}, reject("is not UTF-8")
	case !json.Valid(line):
		return Request{}, reject("is not JSON")
	case line[0] != '{':
		return Request{}, reject("is not a JSON object")
	}
	record := recordReader{values: map[string]gjson.Result{}}
	gjson.ParseBytes(line).ForEach(func(key, value gjson.Result) bool {
		name := key.String()
		if _, again := record.values[name]; again {
			record.fail("has %q twice", name)
		}
		record.values[name] = value
		return true
	})
	return record.request(maxBody)
}

// recordReader takes values out of a record, and keeps the first thing that was wrong.
type recordReader struct {
	values map[string]gjson.Result
	err    *DecodeError
}

func (r *recordReader) fail(reason string, args ...any) {
	if r.err == nil {
		r.err = reject(reason, args...)
	}
}

func (r *recordReader) request(maxBody int) (Request, *DecodeError) {
	if kind := r.text("kind", true); r.err == nil && kind != "request" {
		return Request{}, reject("is a %q", kind).because(errOtherKind)
	}
	version := r.values["version"]
	if n, err := strconv.Atoi(version.Raw); err != nil || n < 1 {
		r.fail(`has no "version" that is a whole number`)
	} else if n > Version {
		r.fail("is of version %d, and versions up to %d are known", n, Version)
	}
	request := Request{
		Time:       r.time(),
		Method:     r.text("method", true),
		URL:        r.text("url", true),
		Proto:      r.text("proto", false),
		Header:     r.header(),
		RemoteAddr: r.text("remoteAddr", false),
		Body:       r.body(),
	}
	if len(request.Body) > maxBody && r.err == nil {
		r.err = tooLarge("the body", maxBody)
	}
	if r.err != nil {
		return Request{}, r.err
	}
	return request, nil
}

func (r *recordReader) text(key string, required bool) string {
	value, ok := r.values[key]
	switch {
	case !ok && required:
		r.fail("has no %q", key)
		return ""
	case !ok:
		return ""
	}
	return r.string(value, key)
}

func (r *recordReader) string(value gjson.Result, key string) string {
	text, ok := exactText(value)
	if !ok {
		r.fail("has %q that is not text, or holds half a surrogate pair", key)
	}
	return text
}

func (r *recordReader) time() time.Time {
	text := r.text("time", false)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		r.fail(`has a "time" that is not RFC 3339: %q`, text)
	}
	return at
}

func (r *recordReader) body() []byte {
	_, hasText := r.values["body"]
	binary, hasBinary := r.values["bodyBase64"]
	switch {
	case hasText && hasBinary:
		r.fail(`has both "body" and "bodyBase64"`)
		return nil
	case hasBinary:
		return []byte(r.binary(binary, "bodyBase64"))
	}
	return []byte(r.text("body", false))
}

func (r *recordReader) binary(value gjson.Result, key string) string {
	decoded, err := base64.StdEncoding.Strict().DecodeString(r.string(value, key))
	if err != nil {
		r.fail("has %q that is not base64", key)
	}
	return string(decoded)
}

func (r *recordReader) header() []Field {
	text, hasText := r.values["headers"]
	binary, hasBinary := r.values["headersBase64"]
	switch {
	case hasText && hasBinary:
		r.fail(`has both "headers" and "headersBase64"`)
	case hasText:
		return r.fields(text, "headers", r.string)
	case hasBinary:
		return r.fields(binary, "headersBase64", r.binary)
	}
	return nil
}

func (r *recordReader) fields(list gjson.Result, key string, read func(gjson.Result, string) string) []Field {
	if !list.IsArray() {
		r.fail("has %q that is not a list", key)
	}
	var header []Field
	list.ForEach(func(_, pair gjson.Result) bool {
		both := pair.Array()
		if !pair.IsArray() || len(both) != 2 {
			r.fail("has %q with something other than a name and a value", key)
			return false
		}
		header = append(header, Field{read(both[0], key), read(both[1], key)})
		return r.err == nil
	})
	return header
}
