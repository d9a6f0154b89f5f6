package forensics

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

const (
	byteOrderMark  = "\xef\xbb\xbf"
	hintBOM        = "save as UTF-8 without a byte order mark, which Windows editors and PowerShell write, and strip no bytes before verifying"
	hintUTF16      = "write the file with Out-File -Encoding utf8NoBOM, or write the bytes: PowerShell's > writes UTF-16"
	hintCharset    = "handle the body as bytes until its signature is verified, and decode it as UTF-8"
	hintNormalised = "handle the body as bytes until its signature is verified, and normalise nothing"
)

// textRewrites undo what happens to the encoding of characters.
func textRewrites() []rewrite {
	all := []rewrite{
		trimmed("without the byte order mark", func(b []byte) []byte { return bytes.TrimPrefix(b, []byte(byteOrderMark)) },
			fixed("text.bom-added", "a byte order mark was put before the body after it was signed", hintBOM)),
		prefixed("with a byte order mark", byteOrderMark,
			fixed("text.bom-removed", "the body was signed with a byte order mark, which is gone", hintBOM)),
	}
	all = append(all, utf16Rewrites()...)
	all = append(all, charsetRewrites()...)
	return append(all,
		normalised("as NFC", norm.NFC, fixed("text.nfd", "accents were decomposed (Unicode NFD) after signing", hintNormalised)),
		normalised("as NFD", norm.NFD, fixed("text.nfc", "accents were composed (Unicode NFC) after signing", hintNormalised)),
	)
}

func utf16Rewrites() []rewrite {
	var all []rewrite
	received := fixed("text.utf16", "the body was turned into UTF-16 after it was signed", hintUTF16)
	signed := fixed("text.utf16-signed", "the body was signed as UTF-16 and came as UTF-8", hintUTF16)
	for _, order := range []struct {
		name string
		binary.AppendByteOrder
		binary.ByteOrder
	}{{"UTF-16LE", binary.LittleEndian, binary.LittleEndian}, {"UTF-16BE", binary.BigEndian, binary.BigEndian}} {
		for _, bare := range []bool{false, true} {
			name := "read as " + order.name
			if bare {
				name += ", without the last line break"
			}
			all = append(all, rewrite{
				names: []string{name}, kind: kindBytes, describe: received,
				apply: func(dst []byte, from source) ([]byte, bool) {
					dst, ok := appendFromUTF16(dst, from.body, order.ByteOrder)
					if bare {
						dst = bytes.TrimRight(dst, "\r\n")
					}
					return dst, ok
				},
			})
		}
		for _, mark := range []bool{true, false} {
			name := "written as " + order.name
			if mark {
				name += " with a byte order mark"
			}
			all = append(all, rewrite{
				names: []string{name}, kind: kindBytes, describe: signed,
				apply: func(dst []byte, from source) ([]byte, bool) {
					return appendUTF16(dst, from, order.AppendByteOrder, mark), from.utf8
				},
			})
		}
	}
	return all
}

// appendFromUTF16 takes only text that has half surrogates nowhere and ASCII somewhere: nearly all bytes of even number
// are UTF-16 of something.
func appendFromUTF16(dst, body []byte, order binary.ByteOrder) ([]byte, bool) {
	if len(body) < 2 || len(body)%2 != 0 || bytes.IndexByte(body, 0) < 0 {
		return dst, false
	}
	for i := 0; i < len(body); i += 2 {
		r := rune(order.Uint16(body[i:]))
		if i == 0 && r == '\ufeff' {
			continue
		}
		if utf16.IsSurrogate(r) {
			if i+4 > len(body) {
				return dst, false
			}
			i += 2
			if r = utf16.DecodeRune(r, rune(order.Uint16(body[i:]))); r == utf8.RuneError {
				return dst, false
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, true
}

func appendUTF16(dst []byte, from source, order binary.AppendByteOrder, mark bool) []byte {
	if !from.utf8 {
		return dst
	}
	if mark {
		dst = order.AppendUint16(dst, 0xfeff)
	}
	for rest := from.body; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		if first, second := utf16.EncodeRune(r); first != utf8.RuneError {
			dst = order.AppendUint16(order.AppendUint16(dst, uint16(first)), uint16(second))
		} else {
			dst = order.AppendUint16(dst, uint16(r))
		}
	}
	return dst
}

func charsetRewrites() []rewrite {
	var all []rewrite
	for _, charset := range []struct {
		name string
		*charmap.Charmap
	}{{"Latin-1", charmap.ISO8859_1}, {"Windows-1252", charmap.Windows1252}} {
		all = append(all,
			rewrite{
				names: []string{"each character as a byte of " + charset.name}, kind: kindBytes,
				apply: func(dst []byte, from source) ([]byte, bool) {
					if from.ascii || !from.utf8 {
						return dst, false
					}
					return appendNarrow(dst, from.body, charset.Charmap)
				},
				describe: func(signed, _ []byte) Change {
					if utf8.Valid(signed) {
						return fixed("text.mojibake", "UTF-8 was read as "+charset.name+" and written as UTF-8 again (é became Ã©)", hintCharset)(nil, nil)
					}
					return fixed("text.latin1-signed", "the body was signed in "+charset.name+" and came as UTF-8", hintCharset)(nil, nil)
				},
			},
			rewrite{
				names: []string{"each byte as a character of " + charset.name}, kind: kindBytes,
				apply: func(dst []byte, from source) ([]byte, bool) {
					for _, b := range from.body {
						dst = utf8.AppendRune(dst, charset.DecodeByte(b))
					}
					return dst, !from.ascii
				},
				describe: func(_, received []byte) Change {
					if utf8.Valid(received) {
						return fixed("text.mojibake-signed", "the body was signed after its UTF-8 had been read as "+charset.name, hintCharset)(nil, nil)
					}
					return fixed("text.latin1", "the body was turned from UTF-8 into "+charset.name+" after signing", hintCharset)(nil, nil)
				},
			})
	}
	return all
}

// appendNarrow fails when a character is none of the charset. The five bytes that Windows-1252 leaves open stand for
// control characters, as they do in the decoders of browsers and of Windows.
func appendNarrow(dst, body []byte, charset *charmap.Charmap) ([]byte, bool) {
	for rest := body; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		b, ok := charset.EncodeRune(r)
		if !ok && r >= 0x80 && r < 0xa0 {
			b, ok = byte(r), true
		}
		if !ok {
			return dst, false
		}
		dst = append(dst, b)
	}
	return dst, true
}

func normalised(name string, to norm.Form, describe func(signed, received []byte) Change) rewrite {
	return rewrite{names: []string{name}, kind: kindBytes, describe: describe, apply: func(dst []byte, from source) ([]byte, bool) {
		if from.ascii || !from.utf8 {
			return dst, false
		}
		return append(dst, to.Bytes(from.body)...), true // to.Append would join what stands before to the first accent
	}}
}
