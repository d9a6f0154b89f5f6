package capture

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
)

// body takes what the framing announces, where another message or the end of the input follows it. Else the body was
// changed after its head was sent: as when a framework parsed it and wrote it down anew. Then it goes on up to the next
// request line, and Content-Length stands beside it as evidence.
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
		return d.unsized()
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
	return d.sized(length)
}

func (d *httpDecoder) sized(length uint64) ([]byte, error) {
	n := int(min(length, uint64(d.maxBody)+1))
	held, err := d.input.atLeast(n)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case len(held) >= n && n > d.maxBody:
		return nil, tooLarge("the body", d.maxBody)
	case len(held) >= n && d.endsAt(n):
		return d.take(n), nil
	}
	end, _, err := d.nextMessage()
	if err != nil {
		return nil, err
	}
	return d.takeLines(end), nil
}

// unsized takes a body whose head does not tell how long it is.
func (d *httpDecoder) unsized() ([]byte, error) {
	end, found, err := d.nextMessage()
	switch {
	case err != nil:
		return nil, err
	case found:
		return d.takeLines(end), nil
	}
	return d.take(end), nil
}

// endsAt tells whether offset is followed by nothing but empty lines up to another message or the end. An error of the
// source is met again behind the body.
func (d *httpDecoder) endsAt(offset int) bool {
	for limit := offset + maxHead; offset < limit; {
		line, err := d.input.line(offset, maxHead)
		if err != nil {
			return true
		}
		if text := trimLineBreak(line); len(text) > 0 {
			return beginsMessage(text)
		}
		offset += len(line)
	}
	return true
}

// nextMessage finds the first request line that has a line of its own, or else the end of the input.
func (d *httpDecoder) nextMessage() (offset int, found bool, err error) {
	for {
		line, err := d.input.line(offset, d.maxBody)
		if errors.Is(err, io.EOF) {
			return offset, false, nil
		}
		if err != nil {
			return 0, false, err
		}
		if beginsMessage(trimLineBreak(line)) {
			return offset, true, nil
		}
		if offset += len(line); len(trimLineBreak(line))+offset-len(line) > d.maxBody {
			return 0, false, tooLarge("the body", d.maxBody)
		}
	}
}

func beginsMessage(line []byte) bool {
	_, _, _, ok := splitRequestLine(string(line))
	return ok
}

func (d *httpDecoder) take(n int) []byte {
	body := bytes.Clone(d.input.take(n))
	d.line += bytes.Count(body, []byte("\n"))
	return body
}

// takeLines leaves out the line break that sets off what comes next.
func (d *httpDecoder) takeLines(n int) []byte { return trimLineBreak(d.take(n)) }

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
		size, ok := chunkSize(line)
		if !ok {
			return nil, reject("is no size of a chunk: %.40q", line)
		}
		if size == 0 {
			_, err := d.header()
			return body, err
		}
		n := int(min(size, uint64(d.maxBody-len(body))+1))
		held, err := d.input.atLeast(n)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		body = append(body, d.take(min(n, len(held)))...)
		if len(body) > d.maxBody {
			return nil, tooLarge("the body", d.maxBody)
		}
		if uint64(len(held)) < size {
			return body, nil
		}
		if line, err := d.readLine(); err == nil && line != "" {
			return nil, reject("is longer than its size of %d bytes: %.40q", size, line)
		}
	}
}

func chunkSize(line string) (size uint64, ok bool) {
	digits, _, _ := strings.Cut(line, ";")
	size, err := strconv.ParseUint(strings.Trim(digits, " \t"), 16, 62)
	return size, err == nil
}
