package forensics

import (
	"bytes"
	"math"
	"strconv"
)

// appendJavaScriptNumber writes a JSON number as JSON.stringify(JSON.parse(text)) does: the shortest digits that give
// the same double, positional from 1e-6 up to 1e21 (ECMA-262, Number::toString).
func appendJavaScriptNumber(dst, text []byte) []byte {
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return append(dst, text...)
	}
	size := math.Abs(value)
	switch {
	case value == 0:
		return append(dst, '0')
	case size >= 1e-6 && size < 1e21:
		return strconv.AppendFloat(dst, value, 'f', -1, 64)
	default:
		begin := len(dst)
		dst = strconv.AppendFloat(dst, value, 'e', -1, 64)
		// Go writes at least two digits of exponent.
		if i := bytes.IndexByte(dst[begin:], 'e'); i >= 0 && dst[begin+i+2] == '0' {
			dst = append(dst[:begin+i+2], dst[begin+i+3:]...)
		}
		return dst
	}
}

// rewriteNumbers appends src, which is valid JSON, with every number as JavaScript writes it and all else as it is.
func rewriteNumbers(dst, src []byte) []byte {
	scan := scanner{src: src}
	for t, ok := scan.next(); ok; t, ok = scan.next() {
		dst = append(dst, scan.space...)
		if t.kind == '0' && (t.text[0] == '-' || t.text[0] >= '0' && t.text[0] <= '9') {
			dst = appendJavaScriptNumber(dst, t.text)
		} else {
			dst = append(dst, t.text...)
		}
	}
	return append(dst, scan.space...)
}
