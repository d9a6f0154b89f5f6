package capture

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

func (f *Redacted) body(r Request) []byte {
	if len(r.Body) == 0 {
		return r.Body
	}
	if out, ok := f.jsonBody(r.Body); ok {
		return out
	}
	text := string(r.Body)
	start := strings.TrimLeft(text, " \t\r\n")
	isCut := strings.HasPrefix(start, "{") || strings.HasPrefix(start, "[")
	if isCut || isOpaqueText(text) || slices.ContainsFunc(r.Values("Content-Encoding"), isCoding) {
		f.Unseen++
	}
	return []byte(f.textBody(text, isCut))
}

// textBody looks again while something was taken out: the rest may read as a form only once a stray byte is gone with a
// value.
func (f *Redacted) textBody(text string, isCut bool) string {
	const looks = 4
	for range looks {
		before := f.Total()
		switch {
		case isCut:
			text = f.text(f.members(text))
		case utf8.ValidString(text) && isForm(text):
			text = f.query(text)
		default:
			text = f.text(text)
		}
		if f.Total() == before {
			break
		}
	}
	return text
}

func isCoding(name string) bool { return name != "" && !strings.EqualFold(name, "identity") }

// isOpaqueText tells text whose meaning is not in its characters.
func isOpaqueText(text string) bool {
	if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
		return true
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	return err == nil && len(decoded) >= 12
}

// A member of an object whose value is a string, of which the end may be cut off.
var memberShape = lazily(`"((?:[^"\\]|\\.)*)"(\s*:\s*")((?:[^"\\]|\\.)*)`)

// members replaces by the name of the field alone, where no whole JSON says what stands within what.
func (f *Redacted) members(text string) string {
	return memberShape().ReplaceAllStringFunc(text, func(member string) string {
		parts := memberShape().FindStringSubmatch(member)
		kind := kindOf(parts[1], "")
		if kind == keepKind {
			return member
		}
		return `"` + parts[1] + `"` + parts[2] + f.value(kind, parts[3])
	})
}
