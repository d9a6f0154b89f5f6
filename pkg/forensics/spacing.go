package forensics

import "strconv"

// spacing is the white space that a serialiser puts between tokens.
type spacing struct {
	name   string // as it reads in "signed …"
	id     string // of the change when a body arrived like this
	keep   bool   // leave the white space as it is
	comma  string // behind a comma
	colon  string // behind a colon
	indent string // per level of nesting, each member on a line of its own; empty for one line
}

// spacings lists every way that is searched.
func spacings() []spacing {
	return []spacing{
		{keep: true},
		{name: "compact"},
		{name: "with a space behind each comma and colon", id: "json.python", comma: " ", colon: " "},
		indentedBy("  "),
		indentedBy("    "),
		indentedBy("\t"),
	}
}

func indentedBy(indent string) spacing {
	name := "indented by " + strconv.Itoa(len(indent)) + " spaces"
	if indent == "\t" {
		name = "indented by tabs"
	}
	return spacing{name: name, id: "json.indented", colon: " ", indent: indent}
}

// form is one way to write a JSON value down.
type form struct {
	spacing
	escaping
	style   int         // index of escaping among escapings
	newline bool        // a line break at the end
	crlf    bool        // line breaks are CRLF; render writes none
	stop    func() bool // asked now and then by render, which gives up when it says so; nil never does
}

// forms lists every combination, the plainest first.
func forms() []form {
	var all []form
	for _, space := range spacings() {
		for style, escape := range escapings() {
			if space.keep && escape.verbatim {
				continue
			}
			all = append(all, form{spacing: space, escaping: escape, style: style})
			if !space.keep {
				all = append(all, form{spacing: space, escaping: escape, style: style, newline: true})
			}
		}
	}
	return all
}

// askEvery is how many bytes are written before asking again whether to stop.
const askEvery = 256 << 10

// render appends src, which is valid JSON, in the form f. It gives up, and returns false, when the result outgrows what
// a body of that length may become.
func (f form) render(dst, src []byte) ([]byte, bool) {
	limit := len(dst) + growth(len(src))
	scan := scanner{src: src}
	depth, asked := 0, 0
	for t, ok := scan.next(); ok; t, ok = scan.next() {
		if f.keep {
			dst = append(dst, scan.space...)
		}
		switch t.kind {
		case '"':
			dst = f.appendString(dst, t.text)
		case '{', '[':
			dst = append(dst, t.kind)
			if closer := scan.peek(); !f.keep && closer != '}' && closer != ']' {
				depth++
				dst = f.breakLine(dst, depth, limit)
			}
		case '}', ']':
			if last := dst[len(dst)-1]; !f.keep && last != '{' && last != '[' {
				depth--
				dst = f.breakLine(dst, depth, limit)
			}
			dst = append(dst, t.kind)
		case ',':
			dst = append(append(dst, ','), f.comma...)
			dst = f.breakLine(dst, depth, limit)
		case ':':
			dst = append(append(dst, ':'), f.colon...)
		default:
			dst = append(dst, t.text...)
		}
		if len(dst) > limit {
			return dst, false
		}
		if f.stop != nil && len(dst)-asked > askEvery {
			if asked = len(dst); f.stop() {
				return dst, false
			}
		}
	}
	if f.keep {
		dst = append(dst, scan.space...)
	}
	if f.newline {
		dst = append(dst, '\n')
	}
	return dst, true
}

func (f form) breakLine(dst []byte, depth, limit int) []byte {
	if f.indent == "" || len(dst) > limit {
		return dst
	}
	dst = append(dst, '\n')
	for range depth {
		dst = append(dst, f.indent...)
	}
	return dst
}

// growth is how many bytes a rewritten body of n bytes may take: enough for what serialisers do to ordinary events,
// and no room for a few kilobytes of nesting to be indented into gigabytes.
func growth(n int) int {
	const room, factor = 16 << 10, 6
	return room + factor*n
}
