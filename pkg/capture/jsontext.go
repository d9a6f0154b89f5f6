package capture

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// appendText appends to text what the JSON string at the start of src means, src being UTF-8 that begins after the
// opening quote. The length includes the closing quote. Unlike encoding/json it refuses half a surrogate pair instead of
// putting another character in its place: bytes that were signed must not change unnoticed.
//
// Eight bytes are copied at a time and then looked at, because what a body escapes is mostly the quotes of its keys.
func appendText(text, src []byte) (result []byte, length int, ok bool) {
	text = slices.Grow(text, len(src)+8)
	out := text[len(text):cap(text)]
	i, n := 0, 0
	for i < len(src) {
		if len(src)-i >= 8 {
			word := binary.LittleEndian.Uint64(src[i:])
			binary.LittleEndian.PutUint64(out[n:], word)
			plain := bits.TrailingZeros64(specials(word)) / 8
			i, n = i+plain, n+plain
			if plain == 8 {
				continue
			}
		}
		switch c := src[i]; {
		case c == '"':
			return text[:len(text)+n], i + 1, true
		case c == '\\' && i+1 < len(src) && src[i+1] == '"':
			out[n] = '"'
			i, n = i+2, n+1
		case c == '\\':
			escaped, size := appendEscape(out[:n], src[i:])
			if size == 0 {
				return text, i, false
			}
			i, n = i+size, len(escaped)
		case c < ' ':
			return text, i, false
		default:
			out[n] = c
			i, n = i+1, n+1
		}
	}
	return text, i, false
}

// specials marks the top bit of the bytes of word that are a control character, a quote or a backslash. A borrow can only
// mark a byte above one that is marked rightly, so the lowest mark is true.
func specials(word uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, slash := word^(ones*'"'), word^(ones*'\\')
	return ((word-ones*' ')&^word | (quote-ones)&^quote | (slash-ones)&^slash) & tops
}

// plainLength counts the bytes before the first quote, backslash or control character.
func plainLength(b []byte) int {
	n := 0
	for ; len(b)-n >= 8; n += 8 {
		if found := specials(binary.LittleEndian.Uint64(b[n:])); found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(b) && b[n] != '"' && b[n] != '\\' && b[n] >= ' ' {
		n++
	}
	return n
}

// appendEscape returns a size of 0 for what is no escape.
func appendEscape(text, src []byte) (result []byte, size int) {
	if len(src) < 2 {
		return text, 0
	}
	switch c := src[1]; c {
	case '"', '\\', '/':
		return append(text, c), 2
	case 'n':
		return append(text, '\n'), 2
	case 'r':
		return append(text, '\r'), 2
	case 't':
		return append(text, '\t'), 2
	case 'b':
		return append(text, '\b'), 2
	case 'f':
		return append(text, '\f'), 2
	case 'u':
		return appendUnicode(text, src)
	}
	return text, 0
}

func appendUnicode(text, src []byte) (result []byte, size int) {
	r, ok := hexUnit(src)
	if !ok {
		return text, 0
	}
	if !utf16.IsSurrogate(r) {
		return utf8.AppendRune(text, r), 6
	}
	low, ok := hexUnit(src[6:])
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return text, 0
	}
	return utf8.AppendRune(text, r), 12
}

// hexUnit reads \uXXXX.
func hexUnit(src []byte) (rune, bool) {
	if len(src) < 6 || src[0] != '\\' || src[1] != 'u' {
		return 0, false
	}
	var unit [2]byte
	if _, err := hex.Decode(unit[:], src[2:6]); err != nil {
		return 0, false
	}
	return rune(binary.BigEndian.Uint16(unit[:])), true
}

// exactText is the text of a JSON string, refused where reading would change it.
func exactText(value gjson.Result) (string, bool) {
	if value.Type != gjson.String || !utf8.ValidString(value.Raw) {
		return "", false
	}
	text, length, ok := appendText(nil, []byte(value.Raw[1:]))
	return string(text), ok && length == len(value.Raw)-1
}
