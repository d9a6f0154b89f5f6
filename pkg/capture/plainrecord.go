package capture

import (
	"bytes"
	"time"
	"unicode/utf8"
)

const (
	plainStart     = `{"kind":"request","version":1,`
	plainBody      = `,"body":"`
	maxPlainFields = 64 // in one array on the stack
)

// plainRecord reads a line that is exactly as [WriteNDJSON] writes it, save for the rare cases: escapes outside the body,
// bytes that are not UTF-8. It answers false for everything else, right or wrong, and leaves that to anyRecord. With it
// a stream is read about as fast as its signatures are verified.
func (d *ndjsonDecoder) plainRecord(line []byte) (Request, bool) {
	if !bytes.HasPrefix(line, []byte(plainStart)) || !utf8.Valid(line) {
		return Request{}, false
	}
	// One copy of all that stands before the body backs every string of it.
	head := line
	if body := bytes.Index(line, []byte(plainBody)); body >= 0 {
		head = line[:body]
	}
	in := plainText{line: line, copied: string(head), at: len(plainStart)}
	var request Request
	if in.skip(`"time":"`) {
		request.Time = in.time()
	}
	in.expect(`"method":"`)
	request.Method = in.text()
	in.expect(`,"url":"`)
	request.URL = in.text()
	if in.skip(`,"proto":"`) {
		request.Proto = in.text()
	}
	if in.skip(`,"headers":[`) {
		request.Header = in.fields()
	}
	if in.skip(`,"body":"`) {
		request.Body = d.plainBody(&in)
	}
	if in.skip(`,"remoteAddr":"`) {
		request.RemoteAddr = in.text()
	}
	in.expect(`}`)
	return request, !in.unusual && in.at == len(line) && len(request.Body) <= d.maxBody
}

func (d *ndjsonDecoder) plainBody(in *plainText) []byte {
	text, length, ok := appendText(d.body[:0], in.line[in.at:])
	d.body = text
	in.at += length
	in.unusual = in.unusual || !ok
	return bytes.Clone(text)
}

// plainText goes through a line, and remembers once it has met something unusual.
type plainText struct {
	line    []byte
	copied  string // a copy of the beginning of line
	at      int
	unusual bool
}

func (t *plainText) skip(literal string) bool {
	if end := t.at + len(literal); end <= len(t.line) && string(t.line[t.at:end]) == literal {
		t.at = end
		return true
	}
	return false
}

func (t *plainText) expect(literal string) {
	if !t.skip(literal) {
		t.unusual = true
	}
}

// text takes a string without escapes, whose opening quote has been taken, and its closing quote.
func (t *plainText) text() string {
	start := t.at
	t.at += plainLength(t.line[t.at:])
	end := t.at
	t.expect(`"`)
	if end <= len(t.copied) {
		return t.copied[start:end]
	}
	return string(t.line[start:end])
}

func (t *plainText) time() time.Time {
	at, err := time.Parse(time.RFC3339Nano, t.text())
	t.expect(`,`)
	t.unusual = t.unusual || err != nil
	return at
}

func (t *plainText) fields() []Field {
	var few [maxPlainFields]Field
	n := 0
	for ok := t.skip(`["`); ok; ok = t.skip(`,["`) {
		if n == len(few) || t.unusual {
			t.unusual = true
			return nil
		}
		few[n].Name = t.text()
		t.expect(`,"`)
		few[n].Value = t.text()
		t.expect(`]`)
		n++
	}
	t.expect(`]`)
	return append([]Field(nil), few[:n]...)
}
