package forensics

import (
	"bytes"
	"strings"
)

// String names the form as it reads behind "signed" or "received".
func (f form) String() string {
	var parts []string
	for _, part := range []string{f.spacing.name, f.escaping.name} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if f.keep && f.escaping.name == "" {
		parts = append(parts, "with characters unescaped")
	}
	if ends := f.lineEnds(); ends != "" {
		parts = append(parts, ends)
	}
	return strings.Join(parts, ", ")
}

func (f form) lineEnds() string {
	switch {
	case f.newline && f.crlf && f.indent != "":
		return "with a CRLF at the end of each line"
	case f.newline && f.crlf:
		return "with a CRLF at the end"
	case f.newline:
		return "with a line feed at the end"
	case f.crlf:
		return "with a CRLF between the lines"
	default:
		return ""
	}
}

// reformatted says what turned signed, which was found by writing received in the form f, into received. The two bodies
// decide, not the path of the search: a body that was pretty-printed and one that lost an odd indentation are both
// found by compacting, and are different mistakes.
func reformatted(f form, signed, received []byte) Change {
	if bytes.ContainsAny(signed, "\r\n") && bytes.Equal(withoutLineBreaks(nil, signed), received) {
		return Change{
			ID: "body.line-breaks-removed", Dimension: DimensionBody, Hint: hintDataFile,
			Cause: "the line breaks were taken out of the body after it was signed",
		}
	}
	was, is := recognise(signed), recognise(received)
	forms := ": signed " + was.or(f).String() + ", received " + is.or(form{}).String()
	const again = "the body was parsed and written again"
	change := Change{Dimension: DimensionBody, Parsed: true, Hint: hintRaw}
	respaced := is.known && is.spacing.id != "" && is.spacing.name != was.spacing.name
	reescaped := is.known && is.escaping.id != "" && is.escaping.name != was.escaping.name
	switch {
	case respaced && (!reescaped || is.escaping.id == "json.ascii"):
		change.ID = is.spacing.id
		change.Cause = again + ", as Python's json.dumps and PostgreSQL's jsonb write it" + forms
		if is.indent != "" {
			change.Cause = "the body was pretty-printed after it was signed, as jq, editors and serialisers do" + forms
		}
	case reescaped:
		change.ID, change.Cause = is.escaping.id, again+", as "+is.by+" writes it"+forms
	case is.known && is.escaping.name == "" && (is.spacing.name == "compact" || is.spacing.name == was.spacing.name):
		change.ID, change.Cause = "json.reserialised", again+forms
	default:
		change.ID, change.Cause = "json.reserialised", again+", with other white space and escapes"
		switch spaces, escapes := compareTokens(signed, received); {
		case !escapes:
			change.ID, change.Cause = "json.whitespace", "the white space between the tokens of the JSON was changed: signed "+was.or(f).String()
		case !spaces:
			change.ID, change.Cause = "json.escapes", "characters of the strings were escaped in another way than they were signed"
		}
	}
	return change
}

// compareTokens tells in what two JSON texts with the same meaning differ: the white space between tokens, or the escapes
// in strings.
func compareTokens(a, b []byte) (spaces, escapes bool) {
	left, right := scanner{src: a}, scanner{src: b}
	for more := true; more; {
		var first, second token
		first, more = left.next()
		second, _ = right.next()
		spaces = spaces || !bytes.Equal(left.space, right.space)
		escapes = escapes || !bytes.Equal(first.text, second.text)
	}
	return spaces, escapes
}

const hintRaw = "verify the raw bytes, as express.raw, req.text() or get_data() give them, before anything parses them"

// recognised is the form that a body has.
type recognised struct {
	form
	known bool
}

func (r recognised) or(f form) form {
	if r.known {
		return r.form
	}
	if f.spacing.name == "" && f.escaping.name == "" {
		f.spacing.name = "with other white space"
	}
	return f
}

// recognise finds the first form that writes body as it is. Line breaks at its end do not count against it, nor do those
// of Windows.
func recognise(body []byte) recognised {
	bare := bytes.ReplaceAll(bytes.TrimRight(body, "\r\n"), []byte("\r\n"), []byte("\n"))
	spaces := spacings()[1:]
	if indent := indentOf(bare); indent != "" {
		spaces = append(spaces, indentedBy(indent))
	}
	var scratch []byte
	plain := false
	for _, style := range append(escapings()[1:], ownEscapes()) {
		if plain && (style.verbatim || style.agrees(bare)) {
			continue
		}
		plain = plain || style.agrees(bare)
		for _, space := range spaces {
			f := form{spacing: space, escaping: style}
			if !f.mayWrite(bare) {
				continue
			}
			out, ok := f.render(scratch[:0], bare)
			if ok && bytes.Equal(out, bare) {
				f.newline = bytes.HasSuffix(body, []byte("\n"))
				f.crlf = bytes.Contains(body, []byte("\r\n"))
				return recognised{form: f, known: true}
			}
			scratch = out
		}
	}
	return recognised{}
}

// mayWrite tells of most bodies that are not in the form f, by how they begin. The last bytes of the beginning may be
// half a token, so they do not count.
func (f form) mayWrite(body []byte) bool {
	const beginning, half = 4 << 10, 16
	if len(body) <= beginning {
		return true
	}
	begin := body[:beginning]
	out, ok := f.render(nil, begin)
	n := min(len(out), len(begin)) - half
	return !ok || n < 0 || bytes.Equal(out[:n], begin[:n])
}

// indentOf returns the spaces behind the first line break, which a serialiser writes once per level.
func indentOf(body []byte) string {
	_, line, _ := bytes.Cut(body, []byte("\n"))
	return string(line[:len(line)-len(bytes.TrimLeft(line, " "))])
}
