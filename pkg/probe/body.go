package probe

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// form is a way to write the same JSON. Pocketbook's is compact; the others are what endpoints make of it that parse a
// body and write it anew before they verify it, so that such an endpoint can be recognised and still be tried.
type form int

const (
	formCompact form = iota
	formSpaced       // as Python's json.dumps writes it
	formSorted       // compact, with sorted keys
	formSortedSpaced
)

func (f form) String() string {
	switch f {
	case formSpaced:
		return "with a space behind each comma and colon, as Python's json.dumps writes it"
	case formSorted:
		return "with its keys sorted"
	case formSortedSpaced:
		return "with its keys sorted and a space behind each comma and colon"
	default:
		return "compact"
	}
}

// base is the event that a request is made of, before anything is put into it.
func (f form) base(body []byte) []byte {
	if f != formSorted && f != formSortedSpaced {
		return body
	}
	var event any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&event) != nil {
		return body
	}
	var sorted bytes.Buffer
	encoder := json.NewEncoder(&sorted)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(event) != nil {
		return body
	}
	return bytes.TrimSuffix(sorted.Bytes(), []byte("\n"))
}

// finish lays the body out.
func (f form) finish(body []byte) []byte {
	if f == formSpaced || f == formSortedSpaced {
		return spaced(body)
	}
	return body
}

// spaced puts a space behind every comma and colon outside strings.
func spaced(body []byte) []byte {
	out := make([]byte, 0, len(body)+len(body)/8)
	quoted := false
	for i := 0; i < len(body); i++ {
		c := body[i]
		out = append(out, c)
		switch {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\' && i+1 < len(body):
			i++
			out = append(out, body[i])
		case !quoted && (c == ',' || c == ':'):
			out = append(out, ' ')
		}
	}
	return out
}

// compact takes out white space and nothing else.
func compact(body []byte) []byte {
	var out bytes.Buffer
	if json.Compact(&out, body) != nil {
		return body
	}
	return out.Bytes()
}

func indented(body []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "  ") != nil {
		return body
	}
	return out.Bytes()
}

// crlf ends the line of every member of the envelope as Windows does.
func crlf(body []byte) []byte {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "") != nil {
		return body
	}
	return bytes.ReplaceAll(out.Bytes(), []byte("\n"), []byte("\r\n"))
}

// set puts a member into the body, as it is written; the text of everything else stays.
func set(body []byte, path, raw string) []byte {
	changed, err := sjson.SetRawBytes(body, path, []byte(raw))
	if err != nil {
		return body
	}
	return changed
}

func withID(body []byte, id string) []byte { return set(body, "id", strconv.Quote(id)) }

// free is the path of a member that no receiver knows: in the metadata, which the guide leaves to the issuer, or in the
// data where the event has no metadata.
func free(body []byte) string {
	if gjson.GetBytes(body, "data.metadata").IsObject() {
		return "data.metadata.pbhook"
	}
	return "data.pbhook"
}

// padded makes the body about size bytes long.
func padded(body []byte, size int) []byte {
	return set(body, free(body), `"`+strings.Repeat("x", max(0, size-len(body)))+`"`)
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

func quote(text string) string { return strconv.Quote(text) }
