package capture

import (
	"errors"
	"io"
	"strings"
)

const maxHead = 1 << 20

// httpDecoder reads messages back to back (RFC 9112). It keeps what net/http loses: case and order of the header lines.
type httpDecoder struct {
	input   lookahead
	maxBody int
	line    int
	left    int // of maxHead for the message at hand
	lost    bool
}

func newHTTPDecoder(source io.Reader, options ReaderOptions) *httpDecoder {
	return &httpDecoder{input: lookahead{source: source}, maxBody: options.MaxBody}
}

func (d *httpDecoder) next() (Request, error) {
	if d.lost {
		return Request{}, io.EOF
	}
	request, err := d.message()
	if err != nil {
		d.lost = true // where the next message begins is not known
	}
	if invalid, ok := errors.AsType[*DecodeError](err); ok {
		return Request{}, invalid.atLine(d.line)
	}
	return request, err
}

func (d *httpDecoder) message() (Request, error) {
	d.left = maxHead
	start, err := d.firstLine()
	if err != nil {
		return Request{}, err
	}
	method, target, proto, ok := splitRequestLine(start)
	if !ok {
		return Request{}, reject("begins no HTTP message: %.80q", start)
	}
	header, err := d.header()
	if err != nil {
		return Request{}, err
	}
	request := Request{Method: method, Proto: proto, Header: header}
	request.URL = absolute(target, request)
	request.Body, err = d.body(request)
	return request, err
}

func splitRequestLine(line string) (method, target, proto string, ok bool) {
	method, rest, _ := strings.Cut(line, " ")
	target, proto, found := strings.Cut(rest, " ")
	return method, target, proto, isToken(method) && target != "" && found && isProtocol(proto)
}

// isProtocol knows "HTTP/1.1", and "HTTP/2" as proxies write it.
func isProtocol(proto string) bool {
	version, found := strings.CutPrefix(proto, "HTTP/")
	return found && version != "" && strings.Trim(version, "0123456789.") == ""
}

// firstLine passes over empty lines, which people and netcat leave between messages (RFC 9112, section 2.2).
func (d *httpDecoder) firstLine() (string, error) {
	for {
		line, err := d.readLine()
		if err != nil || line != "" {
			return line, err
		}
	}
}

// readLine takes one line without its CRLF or LF. An input that ends within it ends it.
func (d *httpDecoder) readLine() (string, error) {
	line, err := d.input.line(0, d.left)
	if err != nil {
		return "", err
	}
	if d.left -= len(line); d.left < 0 {
		return "", tooLarge("the head", maxHead)
	}
	d.line++
	return string(trimLineBreak(d.input.take(len(line)))), nil
}

// header reads up to the empty line or the end of the input, where a dump may have been cut.
func (d *httpDecoder) header() ([]Field, error) {
	var header []Field
	for {
		line, err := d.readLine()
		switch {
		case errors.Is(err, io.EOF) || err == nil && line == "":
			return header, nil
		case err != nil:
			return nil, err
		case line[0] == ' ' || line[0] == '\t':
			return nil, reject("continues the header line before it, which RFC 9112 forbids")
		}
		name, value, found := strings.Cut(line, ":")
		if !found || !isToken(name) {
			return nil, reject("is no header line: %.80q", line)
		}
		if strings.ContainsAny(value, "\r\x00") {
			return nil, reject("holds CR or NUL in header %s", name)
		}
		header = append(header, Field{name, strings.Trim(value, " \t")})
	}
}

// absolute makes of a request target the URL it was asked for. Whether TLS was under it a message does not say.
func absolute(target string, r Request) string {
	host := r.Values("Host")
	if len(host) == 0 || !strings.HasPrefix(target, "/") {
		return target
	}
	return "http://" + host[0] + target
}
