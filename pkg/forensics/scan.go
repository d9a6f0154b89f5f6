package forensics

// token is one lexical element of a JSON text. kind is the byte itself for punctuation, '"' for a string and '0' for a
// number or literal; text is a window of the source.
type token struct {
	kind byte
	text []byte
}

// scanner splits a JSON text into tokens without decoding anything, so that what is written back is what was read:
// digits of numbers, escapes and the order of keys survive. It expects text that json.Valid accepts; other text gives
// tokens without meaning, but neither a panic nor an endless loop.
type scanner struct {
	src   []byte
	pos   int
	space []byte // the white space before the token that was read last
}

// next returns false at the end; space then holds what follows the last token.
func (s *scanner) next() (token, bool) {
	begin := s.pos
	for s.pos < len(s.src) && isSpace(s.src[s.pos]) {
		s.pos++
	}
	s.space = s.src[begin:s.pos]
	if s.pos == len(s.src) {
		return token{}, false
	}
	begin = s.pos
	switch first := s.src[s.pos]; first {
	case '{', '}', '[', ']', ',', ':':
		s.pos++
		return token{kind: first, text: s.src[begin:s.pos]}, true
	case '"':
		s.skipString()
		return token{kind: '"', text: s.src[begin:s.pos]}, true
	default:
		for s.pos < len(s.src) && !endsScalar(s.src[s.pos]) {
			s.pos++
		}
		s.pos = max(s.pos, begin+1)
		return token{kind: '0', text: s.src[begin:s.pos]}, true
	}
}

// peek returns the kind of the next token, 0 at the end, and reads nothing.
func (s *scanner) peek() byte {
	for i := s.pos; i < len(s.src); i++ {
		if !isSpace(s.src[i]) {
			return s.src[i]
		}
	}
	return 0
}

func (s *scanner) skipString() {
	s.pos++
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case '\\':
			s.pos++
		case '"':
			s.pos++
			return
		}
		s.pos++
	}
	s.pos = min(s.pos, len(s.src))
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }

func endsScalar(b byte) bool {
	switch b {
	case '{', '}', '[', ']', ',', ':', '"':
		return true
	default:
		return isSpace(b)
	}
}
