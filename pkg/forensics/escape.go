package forensics

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escaping is how a serialiser writes the characters of a string. The zero value is that of JSON.stringify: nothing is
// escaped that JSON does not require.
type escaping struct {
	name     string    // as it reads in "received …"; empty for the zero value
	id       string    // of the change when a body arrived like this
	by       string    // who writes so
	verbatim bool      // leave every string as it is
	nonASCII bool      // as \u
	upper    bool      // hex digits of \u
	slash    bool      // as \/
	lineEnds bool      // U+2028 and U+2029 as \u, because JavaScript once took them for line ends
	hexQuote bool      // the quote as \u0022
	asciiToo string    // ASCII characters written as \u
	special  [256]bool // bytes of UTF-8 and of escapes that are not simply copied
}

// escapings lists every way that is searched, verbatim first.
func escapings() []escaping {
	all := []escaping{
		{verbatim: true},
		{},
		{id: "json.ascii", name: `with \u for what is not ASCII`, by: "Python's json.dumps (ensure_ascii), jq -a or PHP", nonASCII: true},
		{id: "json.ascii", name: `with \u in upper-case hex for what is not ASCII`, by: "a Java library", nonASCII: true, upper: true},
		{id: "json.php", name: `with \/ for slashes and \u for what is not ASCII`, by: "PHP's json_encode", nonASCII: true, slash: true},
		{id: "json.php", name: `with \/ for slashes`, by: "PHP's json_encode with JSON_UNESCAPED_UNICODE", slash: true},
		{id: "json.html", name: `with \u003c, \u003e and \u0026 for < > &`, by: "Go's encoding/json or Rails' to_json", asciiToo: "<>&", lineEnds: true},
		{id: "json.html", name: `with \u003c, \u003d and \u0027 for < = '`, by: "Gson", asciiToo: "<>&='", lineEnds: true},
		{
			id: "json.html", name: `with \u003C, \u0022 and \u for what is not ASCII`, by: ".NET's System.Text.Json",
			asciiToo: "<>&'+`\x7f", hexQuote: true, nonASCII: true, upper: true,
		},
	}
	for i := range all {
		all[i] = all[i].marked()
	}
	return all
}

// ownEscapes stands for every way to escape that is not searched.
func ownEscapes() escaping {
	return escaping{
		verbatim: true, id: "json.escapes", name: "with escapes that JSON does not require",
		by: "PHP's json_encode with JSON_HEX_TAG, or another serialiser that escapes more than JSON asks,",
	}
}

// appendString rewrites one string token, quotes included.
func (e *escaping) appendString(dst, text []byte) []byte {
	if e.verbatim || len(text) < 2 || e.agrees(text) {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for rest := text[1 : len(text)-1]; len(rest) > 0; {
		r, raw, size := nextCharacter(rest)
		if raw {
			dst = append(dst, rest[:size]...)
		} else {
			dst = e.appendRune(dst, r)
		}
		rest = rest[size:]
	}
	return append(dst, '"')
}

// agrees tells quickly of most strings that rewriting would change nothing.
func (e *escaping) agrees(text []byte) bool {
	for _, b := range text {
		if e.special[b] {
			return false
		}
	}
	return true
}

// marked fills in special.
func (e escaping) marked() escaping {
	for b := utf8.RuneSelf; b < len(e.special); b++ {
		e.special[b] = true
	}
	for _, b := range []byte(`\` + e.asciiToo) {
		e.special[b] = true
	}
	e.special['/'] = e.slash
	return e
}

// nextCharacter decodes one character of a string's inside, escaped or not. raw says that it is none, but a byte that
// is not UTF-8 or half of a surrogate pair, to be copied as it is.
func nextCharacter(text []byte) (r rune, raw bool, size int) {
	if text[0] != '\\' || len(text) < 2 {
		r, size = utf8.DecodeRune(text)
		return r, r == utf8.RuneError && size <= 1, size
	}
	switch text[1] {
	case 'b':
		return '\b', false, 2
	case 'f':
		return '\f', false, 2
	case 'n':
		return '\n', false, 2
	case 'r':
		return '\r', false, 2
	case 't':
		return '\t', false, 2
	case 'u':
		return escapedRune(text)
	default:
		return rune(text[1]), false, 2
	}
}

func escapedRune(text []byte) (r rune, raw bool, size int) {
	first, ok := codeUnit(text)
	if !ok {
		return 0, true, 2
	}
	if !utf16.IsSurrogate(first) {
		return first, false, 6
	}
	if second, ok := codeUnit(text[6:]); ok {
		if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
			return pair, false, 12
		}
	}
	return 0, true, 6
}

func codeUnit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(unit), err == nil
}

func (e *escaping) appendRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' && e.hexQuote:
		return e.appendHex(dst, r)
	case r == '"' || r == '\\' || r == '/' && e.slash:
		return append(dst, '\\', byte(r))
	case r < ' ':
		if i := bytes.IndexByte([]byte("\b\f\n\r\t"), byte(r)); i >= 0 {
			return append(dst, '\\', "bfnrt"[i])
		}
		return e.appendHex(dst, r)
	case r < utf8.RuneSelf:
		if bytes.IndexByte([]byte(e.asciiToo), byte(r)) >= 0 {
			return e.appendHex(dst, r)
		}
		return append(dst, byte(r))
	case e.nonASCII, e.lineEnds && (r == '\u2028' || r == '\u2029'):
		return e.appendHex(dst, r)
	default:
		return utf8.AppendRune(dst, r)
	}
}

func (e *escaping) appendHex(dst []byte, r rune) []byte {
	if first, second := utf16.EncodeRune(r); first != utf8.RuneError {
		return e.appendHex(e.appendHex(dst, first), second)
	}
	digits := "0123456789abcdef"
	if e.upper {
		digits = "0123456789ABCDEF"
	}
	return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
