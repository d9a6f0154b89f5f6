package forensics

import "unicode/utf8"

// Diff shows two bodies around the first byte in which they differ.
type Diff struct {
	Offset      int    // of the first byte that differs, in both bodies; the length of the shorter when that is where it ends
	Line        int    // of that byte in what was signed, from 1
	Start       int    // offset of both windows
	Signed      []byte // window of the body as it was signed
	Received    []byte // window of the body as it was received
	SignedLen   int    // bytes of the whole body as it was signed
	ReceivedLen int    // bytes of the whole body as it was received
}

const (
	diffBefore = 48 // bytes at most shown before the first difference
	diffAfter  = 96 // and from it on
)

func compare(signed, received []byte) *Diff {
	offset, line := 0, 1
	for offset < len(signed) && offset < len(received) && signed[offset] == received[offset] {
		if signed[offset] == '\n' {
			line++
		}
		offset++
	}
	if offset == len(signed) && offset == len(received) {
		return nil
	}
	start := max(0, offset-diffBefore)
	for start < offset && !utf8.RuneStart(signed[start]) {
		start++
	}
	window := func(body []byte) []byte {
		end := min(len(body), offset+diffAfter)
		for end < len(body) && end > offset && !utf8.RuneStart(body[end]) {
			end--
		}
		return append([]byte{}, body[start:end]...)
	}
	return &Diff{
		Offset: offset, Line: line, Start: start,
		Signed: window(signed), Received: window(received),
		SignedLen: len(signed), ReceivedLen: len(received),
	}
}
