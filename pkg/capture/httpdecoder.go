package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

const maxHead = 1 << 20

// httpDecoder reads messages back to back (RFC 9112). It keeps what net/http loses: case and order of the header lines.
type httpDecoder struct {
	source  *bufio.Reader
	maxBody int
	line    int
	left    int // of maxHead for the message at hand
	lost    bool
}

func newHTTPDecoder(source *bufio.Reader, options ReaderOptions) *httpDecoder {
	return &httpDecoder{source: source, maxBody: options.MaxBody}
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
	method, rest, _ := strings.Cut(start, " ")
	target, proto, found := strings.Cut(rest, " ")
	if !isToken(method) || target == "" || !found || !isProtocol(proto) {
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
	var line []byte
	for {
		part, err := d.source.ReadSlice('\n')
		line = append(line, part...)
		if d.left -= len(part); d.left < 0 {
			return "", tooLarge("the head", maxHead)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
			return "", err
		}
		d.line++
		return string(bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))), nil
	}
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

// body takes what the framing announces, or what there is of it: a body that was cut is evidence, and Content-Length
// stands beside it.
func (d *httpDecoder) body(r Request) ([]byte, error) {
	if coding := strings.Join(r.Values("Transfer-Encoding"), ", "); strings.EqualFold(coding, "chunked") {
		return d.chunked()
	} else if coding != "" {
		return nil, reject("has the transfer coding %.40q, and only chunked is known", coding)
	}
	lengths := r.Values("Content-Length")
	if len(lengths) == 0 {
		if !expectsBody(r.Method) {
			return nil, nil
		}
		return d.take(nil, uint64(d.maxBody)+1)
	}
	length, err := strconv.ParseUint(lengths[0], 10, 63)
	if err != nil {
		return nil, reject("has a Content-Length that is no number: %.40q", lengths[0])
	}
	for _, other := range lengths[1:] {
		if other != lengths[0] {
			return nil, reject("has two different values of Content-Length, %.40q and %.40q", lengths[0], other)
		}
	}
	return d.take(nil, min(length, uint64(d.maxBody)+1))
}

// take appends up to n bytes to body.
func (d *httpDecoder) take(body []byte, n uint64) ([]byte, error) {
	buffer := bytes.NewBuffer(body)
	if _, err := buffer.ReadFrom(io.LimitReader(d.source, int64(n))); err != nil {
		return nil, err
	}
	if buffer.Len() > d.maxBody {
		return nil, tooLarge("the body", d.maxBody)
	}
	taken := buffer.Bytes()[len(body):]
	d.line += bytes.Count(taken, []byte("\n"))
	return buffer.Bytes(), nil
}

// chunked undoes the transfer coding (RFC 9112, section 7.1); the trailer is passed over.
func (d *httpDecoder) chunked() ([]byte, error) {
	var body []byte
	for {
		d.left = maxHead
		line, err := d.readLine()
		if errors.Is(err, io.EOF) {
			return body, nil
		}
		if err != nil {
			return nil, err
		}
		digits, _, _ := strings.Cut(line, ";")
		size, err := strconv.ParseUint(strings.Trim(digits, " \t"), 16, 62)
		if err != nil {
			return nil, reject("is no size of a chunk: %.40q", line)
		}
		if size == 0 {
			_, err := d.header()
			return body, err
		}
		before := len(body)
		if body, err = d.take(body, min(size, uint64(d.maxBody-len(body))+1)); err != nil {
			return nil, err
		}
		if uint64(len(body)-before) < size {
			return body, nil
		}
		if line, err := d.readLine(); err == nil && line != "" {
			return nil, reject("is longer than its size of %d bytes: %.40q", size, line)
		}
	}
}
