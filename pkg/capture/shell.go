package capture

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word writes s, which holds neither line break nor NUL, as one word of a POSIX shell.
func word(s string) string {
	switch {
	case isBare(s):
		return s
	case isPlain(s):
		return quote(s)
	default:
		return `"$(` + printf(s) + `)"`
	}
}

// isBare reports whether s needs no quotes in any shell.
func isBare(s string) bool {
	special := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_./:@%+,", r)
	}
	return s != "" && !strings.ContainsFunc(s, special)
}

// quote uses single quotes alone: in the others an interactive shell still expands "!".
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// printf is a command that prints exactly s. It is POSIX, so unlike base64 it is in every shell and spelled one way.
func printf(s string) string {
	var format strings.Builder
	format.WriteString("printf '")
	for rest := s; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == '%':
			format.WriteString("%%")
		case r == '\\':
			format.WriteString(`\\`)
		case r == '\'':
			format.WriteString(`'\''`)
		case r == '-' && len(rest) == len(s): // the first byte, where it would begin an option
			format.WriteString(`\055`)
		case isPlainRune(r, size):
			format.WriteString(rest[:size])
		default:
			for _, b := range []byte(rest[:size]) {
				fmt.Fprintf(&format, `\%03o`, b)
			}
		}
		rest = rest[size:]
	}
	format.WriteByte('\'')
	return format.String()
}

// isPlain reports whether s can stand on a terminal as it is.
func isPlain(s string) bool {
	for rest := s; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		if !isPlainRune(r, size) {
			return false
		}
		rest = rest[size:]
	}
	return true
}

func isPlainRune(r rune, size int) bool {
	if r == utf8.RuneError && size <= 1 {
		return false
	}
	return r == '\n' || unicode.IsPrint(r)
}
