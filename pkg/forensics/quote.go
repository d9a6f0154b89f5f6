package forensics

import (
	"bytes"
	"encoding/hex"
	"fmt"
)

const (
	hintBytes  = "put bytes together with bytes, or decode the body first: Python writes bytes in a text as b'…'"
	hintLogged = "take the body as it was sent, not as a program or a log wrote it down"
	hintShell  = `send it with --data-binary @file: the command prompt of Windows leaves single quotes where they are`
)

// quoteRewrites undo how programs and shells write a body down.
func quoteRewrites() []rewrite {
	return []rewrite{
		unwrapping("the bytes of a Python literal", fromPython, fixed("wrap.python", "the body was written down as Python writes bytes: b'…'", hintLogged)),
		wrapping("as a Python literal", appendPython, fixed("wrap.python-signed", "the body was signed as Python writes bytes in a text: b'…'", hintBytes)),
		unwrapping("without quotes around it", withoutQuotes, fixed("wrap.quotes", "quotes were put around the body after it was signed", hintShell)),
		unwrapping("with quotes unescaped", withoutEscapes, fixed("wrap.escaped", "the quotes of the body were escaped with backslashes after it was signed", hintLogged)),
	}
}

// fromPython reads b'…' as repr() of Python writes it.
func fromPython(dst, body []byte) ([]byte, bool) {
	body = bytes.TrimSpace(body)
	if len(body) < 3 || body[0] != 'b' || body[1] != '\'' && body[1] != '"' || body[len(body)-1] != body[1] {
		return dst, false
	}
	for text := body[2 : len(body)-1]; len(text) > 0; {
		if text[0] != '\\' {
			dst = append(dst, text[0])
			text = text[1:]
			continue
		}
		if len(text) < 2 {
			return dst, false
		}
		switch text[1] {
		case 'x':
			if len(text) < 4 {
				return dst, false
			}
			var b [1]byte
			if _, err := hex.Decode(b[:], text[2:4]); err != nil {
				return dst, false
			}
			dst = append(dst, b[0])
			text = text[4:]
			continue
		case 't', 'n', 'r':
			dst = append(dst, "\t\n\r"[bytes.IndexByte([]byte("tnr"), text[1])])
		default:
			dst = append(dst, text[1])
		}
		text = text[2:]
	}
	return dst, true
}

func appendPython(dst, body []byte) []byte {
	quote := byte('\'')
	if bytes.IndexByte(body, '\'') >= 0 && bytes.IndexByte(body, '"') < 0 {
		quote = '"'
	}
	dst = append(dst, 'b', quote)
	for _, b := range body {
		switch {
		case b == quote || b == '\\':
			dst = append(dst, '\\', b)
		case b == '\t' || b == '\n' || b == '\r':
			dst = append(dst, '\\', "tn  r"[b-'\t'])
		case b < ' ' || b >= 0x7f:
			dst = fmt.Appendf(dst, `\x%02x`, b)
		default:
			dst = append(dst, b)
		}
	}
	return append(dst, quote)
}

func withoutQuotes(dst, body []byte) ([]byte, bool) {
	last := len(body) - 1
	if last < 1 || body[0] != body[last] || bytes.IndexByte([]byte(secretQuotes), body[0]) < 0 {
		return dst, false
	}
	return append(dst, body[1:last]...), true
}

// withoutEscapes reads the inside of a JSON string whose quotes are gone.
func withoutEscapes(dst, body []byte) ([]byte, bool) {
	if !bytes.Contains(body, []byte(`\"`)) {
		return dst, false
	}
	return fromString(dst, append(append([]byte{'"'}, body...), '"'))
}
