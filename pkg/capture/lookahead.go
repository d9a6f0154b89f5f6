package capture

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// lookahead shows what is still to come of an input, as far as its user asks, and keeps no more than that in memory.
type lookahead struct {
	source io.Reader
	buffer []byte
	taken  int   // of buffer
	err    error // of source, which is not read again after it
}

// atLeast returns what is held of the input: n bytes or more, or fewer and the error that ended it. The bytes stand until
// more are asked for.
func (l *lookahead) atLeast(n int) ([]byte, error) {
	for len(l.buffer)-l.taken < n && l.err == nil {
		if l.taken > len(l.buffer)/2 {
			l.buffer = l.buffer[:copy(l.buffer, l.buffer[l.taken:])]
			l.taken = 0
		}
		l.buffer = slices.Grow(l.buffer, 4<<10)
		var read int
		read, l.err = l.source.Read(l.buffer[len(l.buffer):cap(l.buffer)])
		l.buffer = l.buffer[:len(l.buffer)+read]
	}
	held := l.buffer[l.taken:]
	if len(held) < n {
		return held, l.err
	}
	return held, nil
}

// take passes over n bytes that are held, and returns them.
func (l *lookahead) take(n int) []byte {
	l.taken += n
	return l.buffer[l.taken-n : l.taken]
}

// line returns the line that begins at offset with its line break, which the end of the input may stand for. A line of
// more than limit bytes comes without its end. After the last line it returns io.EOF.
func (l *lookahead) line(offset, limit int) ([]byte, error) {
	for seen := offset; ; {
		held, err := l.atLeast(seen + 1)
		if len(held) <= seen {
			if len(held) > offset && errors.Is(err, io.EOF) {
				return held[offset:], nil
			}
			return nil, err
		}
		if end := bytes.IndexByte(held[seen:], '\n'); end >= 0 {
			return held[offset : seen+end+1], nil
		}
		if seen = len(held); seen-offset > limit {
			return held[offset:], nil
		}
	}
}

// trimLineBreak takes one CRLF or LF from the end.
func trimLineBreak(text []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
}
