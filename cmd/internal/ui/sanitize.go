package ui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Sanitize makes visible what a terminal would obey or hide: controls (C0, DEL, C1), format characters (bidi controls,
// zero-width characters, tags), line and paragraph separators, and bytes that are not UTF-8. Each is written as JSON
// writes it, \n, \u001b or \u202e, and a stray byte as \xff. Everything else stays as it is, so clean text comes back
// unchanged and JSON keeps its meaning.
func Sanitize(s string) string { return sanitize(s, "") }

// SanitizeText is [Sanitize] for text of several lines: newlines and tabs stay.
func SanitizeText(s string) string { return sanitize(s, "\n\t") }

// SanitizeLog is [Sanitize] for a line of a program's log: escape sequences such as those for colours are left out.
func SanitizeLog(s string) string { return Sanitize(ansi.Strip(s)) }

// SanitizeLine is [Sanitize] for an excerpt on one line: white space between words becomes one space, and what is longer
// than limit runes ends in "…". It reads no further than it shows; a limit below 1 gives nothing.
func SanitizeLine(s string, limit int) string {
	var line strings.Builder
	used, gap := 0, false
	kept, end := 0, 0 // runes and bytes of line that leave room for the ellipsis
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		if isGap(s, r) {
			gap = used > 0
			s = s[size:]
			continue
		}
		shown := visible(s, r, size, "")
		if gap {
			shown, gap = " "+shown, false
		}
		used += utf8.RuneCountInString(shown)
		if used > limit {
			if limit < 1 {
				return ""
			}
			return line.String()[:end] + strings.Repeat("…", min(1, limit-kept))
		}
		line.WriteString(shown)
		if used < limit {
			kept, end = used, line.Len()
		}
		s = s[size:]
	}
	return line.String()
}

// isGap tells whether s begins with white space that an excerpt folds; a carriage return is folded only as part of CRLF.
func isGap(s string, r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || strings.HasPrefix(s, "\r\n")
}

func sanitize(s, keep string) string {
	first := strings.IndexFunc(s, hidden)
	if first < 0 && utf8.ValidString(s) {
		return s
	}
	var clean strings.Builder
	clean.Grow(len(s) + 16)
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		clean.WriteString(visible(s, r, size, keep))
		s = s[size:]
	}
	return clean.String()
}

// visible gives the form in which the first rune of s is shown.
func visible(s string, r rune, size int, keep string) string {
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Sprintf(`\x%02x`, s[0])
	case !hidden(r) || strings.ContainsRune(keep, r):
		return s[:size]
	case r >= '\b' && r <= '\r' && r != '\v':
		return `\` + "btn?fr"[r-'\b':][:1]
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	default:
		return fmt.Sprintf(`\u%04x`, r)
	}
}

// hidden tells whether a terminal would obey r or show nothing for it.
func hidden(r rune) bool {
	return r < ' ' || r >= 0x7f && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
