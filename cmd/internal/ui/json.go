package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/lipgloss"
)

const (
	shownJSON   = 64 << 10 // bytes of a body that are shown
	deepestStep = 16       // levels that are indented; a bomb of brackets must not become megabytes of spaces
)

// JSON shows a body from outside: indented and highlighted if it is JSON, with its keys in their order and its numbers
// as written, else as it stands. Both are sanitised. Only the first 64 KiB are shown, followed by a line that counts the rest.
// There is no newline at the end.
func (t *Terminal) JSON(body []byte) string {
	shown, rest := body, 0
	if len(body) > shownJSON {
		cut := shownJSON
		for cut > shownJSON-utf8.UTFMax && !utf8.RuneStart(body[cut]) {
			cut--
		}
		shown, rest = body[:cut], len(body)-cut
	}
	var text string
	if json.Valid(body) {
		p := jsonPrinter{style: t.style, in: shown}
		p.print()
		text = p.out.String()
	} else {
		text = strings.TrimRight(SanitizeText(string(shown)), "\n")
	}
	if rest > 0 {
		text += "\n" + t.Dim(fmt.Sprintf("… %d more bytes", rest))
	}
	return text
}

// jsonPrinter walks JSON that is known to be valid, up to where it was cut.
type jsonPrinter struct {
	style styles
	in    []byte
	out   strings.Builder
	depth int
}

func (p *jsonPrinter) print() {
	for p.skipSpace(); len(p.in) > 0; p.skipSpace() {
		switch c := p.in[0]; c {
		case '{', '[':
			p.open(c)
		case '}', ']':
			p.depth--
			p.newline()
			p.take(1, p.style.plain)
		case ',':
			p.take(1, p.style.plain)
			p.newline()
		case ':':
			p.take(1, p.style.plain)
			p.out.WriteByte(' ')
		case '"':
			p.quoted()
		case 't', 'f', 'n':
			p.take(p.scalar(), p.style.word)
		default:
			p.take(p.scalar(), p.style.number)
		}
	}
}

// open writes a bracket, together with its partner if nothing is between them.
func (p *jsonPrinter) open(bracket byte) {
	p.take(1, p.style.plain)
	p.skipSpace()
	if len(p.in) > 0 && p.in[0] == bracket+2 { // '}' and ']' both stand two after their partner in ASCII
		p.take(1, p.style.plain)
		return
	}
	p.depth++
	p.newline()
}

func (p *jsonPrinter) quoted() {
	end := 1
	for end < len(p.in) && p.in[end] != '"' {
		if p.in[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end+1, len(p.in))
	style := p.style.text
	if next := bytes.TrimLeft(p.in[end:], " \t\r\n"); len(next) > 0 && next[0] == ':' {
		style = p.style.key
	}
	p.take(end, style)
}

func (p *jsonPrinter) scalar() int {
	if end := bytes.IndexAny(p.in, " \t\r\n,:]}"); end >= 0 {
		return end
	}
	return len(p.in)
}

func (p *jsonPrinter) take(n int, style lipgloss.Style) {
	p.out.WriteString(style.Render(Sanitize(string(p.in[:n]))))
	p.in = p.in[n:]
}

func (p *jsonPrinter) newline() {
	p.out.WriteByte('\n')
	p.out.WriteString(strings.Repeat("  ", min(p.depth, deepestStep)))
}

func (p *jsonPrinter) skipSpace() { p.in = bytes.TrimLeft(p.in, " \t\r\n") }
