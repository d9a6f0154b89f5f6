package capture

import (
	"bytes"
	"time"
	"unicode/utf8"
)

const plainStart = `{"kind":"request","version":1,`

// plainRecords reads lines that are exactly as [WriteNDJSON] writes them, save for the rare cases: escapes outside the
// body, bytes that are not UTF-8. With it a stream is read about as fast as its signatures are verified.
//
// Most lines repeat most of the line before: a piece that has the same bytes means the same, and its strings are shared.
type plainRecords struct {
	target plainTarget
	lines  []plainLine // of the header
	peer   string
	second string // "2006-01-02T15:04:05", in UTC
	at     time.Time
	long   []byte  // the text of a long body before its length is known
	bodies []byte  // what is left for short ones
	fields []Field // what is left for header lines
}

// Short bodies and headers are cut from blocks of these sizes, because a block is cheaper than its pieces.
const (
	bodyBlock  = 16 << 10
	fieldBlock = 256
)

// plainTarget is the part of a line from the method to the protocol, and what it means.
type plainTarget struct {
	raw                string
	method, url, proto string
}

// plainLine is one line of the header as it is written, and what it means.
type plainLine struct {
	raw   string
	field Field
}

// request answers false for every other line, right or wrong, and leaves that to anyRecord.
func (p *plainRecords) request(line []byte, maxBody int) (request Request, ok bool) {
	if !bytes.HasPrefix(line, []byte(plainStart)) {
		return Request{}, false
	}
	in := plainText{line: line, at: len(plainStart)}
	if in.skip(`"time":"`) {
		request.Time = p.time(&in)
	}
	p.readTarget(&in)
	request.Method, request.URL, request.Proto = p.target.method, p.target.url, p.target.proto
	if in.skip(`,"headers":[`) {
		request.Header = p.header(&in)
	}
	if in.skip(`,"body":"`) {
		request.Body = p.readBody(&in)
	}
	if in.skip(`,"remoteAddr":"`) {
		if peer := in.text(); string(peer) != p.peer {
			p.peer = string(peer)
		}
		request.RemoteAddr = p.peer
	}
	in.expect(`}`)
	return request, !in.unusual && in.at == len(line) && len(request.Body) <= maxBody
}

func (p *plainRecords) time(in *plainText) time.Time {
	text := in.text()
	in.expect(`,`)
	const second = len("2006-01-02T15:04:05")
	if len(text) > second+2 && string(text[:second]) == p.second && text[second] == '.' {
		if fraction, ok := nanoseconds(text[second+1:]); ok {
			return p.at.Add(fraction)
		}
	}
	at, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil {
		in.unusual = true
		return time.Time{}
	}
	if text[len(text)-1] == 'Z' {
		p.second, p.at = string(text[:second]), at.Truncate(time.Second)
	}
	return at
}

// nanoseconds reads up to nine digits and "Z".
func nanoseconds(fraction []byte) (time.Duration, bool) {
	digits := len(fraction) - 1
	if digits > 9 || fraction[digits] != 'Z' {
		return 0, false
	}
	sum := time.Duration(0)
	for i := range 9 {
		sum *= 10
		if i >= digits {
			continue
		}
		if fraction[i] < '0' || fraction[i] > '9' {
			return 0, false
		}
		sum += time.Duration(fraction[i] - '0')
	}
	return sum, true
}

func (p *plainRecords) readTarget(in *plainText) {
	if p.target.raw != "" && in.skip(p.target.raw) {
		return
	}
	start := in.at
	in.expect(`"method":"`)
	method := string(in.text())
	in.expect(`,"url":"`)
	url := string(in.text())
	proto := ""
	if in.skip(`,"proto":"`) {
		proto = string(in.text())
	}
	p.target = plainTarget{string(in.since(start)), method, url, proto}
}

func (p *plainRecords) header(in *plainText) []Field {
	n := 0
	for more := in.peek('['); more && !in.unusual; more = in.skip(`,`) {
		if n == len(p.lines) {
			p.lines = append(p.lines, plainLine{})
		}
		if known := p.lines[n].raw; known == "" || !in.skip(known) {
			p.lines[n] = in.headerLine()
		}
		n++
	}
	in.expect(`]`)
	if in.unusual {
		p.lines = nil
		return nil
	}
	if n > len(p.fields) {
		p.fields = make([]Field, max(n, fieldBlock))
	}
	header := p.fields[:n:n]
	p.fields = p.fields[n:]
	for i := range header {
		header[i] = p.lines[i].field
	}
	return header
}

func (p *plainRecords) readBody(in *plainText) []byte {
	rest := in.line[in.at:]
	isShort := len(rest) < bodyBlock/4
	into := p.long
	if isShort {
		if len(rest)+8 > cap(p.bodies) {
			p.bodies = make([]byte, 0, bodyBlock)
		}
		into = p.bodies
	}
	text, length, ok := appendText(into[:0], rest)
	in.at += length
	in.unusual = in.unusual || !ok || !utf8.Valid(text)
	if isShort {
		p.bodies = text[len(text):]
		return text[:len(text):len(text)]
	}
	p.long = text
	return bytes.Clone(text)
}

// plainText goes through a line, and remembers once it has met something unusual.
type plainText struct {
	line    []byte
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

func (t *plainText) peek(c byte) bool { return t.at < len(t.line) && t.line[t.at] == c }

// since is empty once something was unusual, so that nothing of such a line is remembered.
func (t *plainText) since(start int) []byte {
	if t.unusual {
		return nil
	}
	return t.line[start:t.at]
}

// text takes a string without escapes, whose opening quote has been taken, and its closing quote.
func (t *plainText) text() []byte {
	start := t.at
	t.at += plainLength(t.line[t.at:])
	text := t.line[start:t.at]
	t.expect(`"`)
	t.unusual = t.unusual || !utf8.Valid(text)
	return text
}

// headerLine takes ["name","value"]. One copy backs both strings.
func (t *plainText) headerLine() plainLine {
	start := t.at
	t.expect(`["`)
	name := len(t.text())
	t.expect(`,"`)
	value := len(t.text())
	t.expect(`]`)
	raw := string(t.since(start))
	if raw == "" {
		return plainLine{}
	}
	const quoted = len(`["`)
	return plainLine{raw, Field{raw[quoted : quoted+name], raw[len(raw)-quoted-value : len(raw)-quoted]}}
}
