package capture

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// jsonBody goes through a JSON body token by token and copies what it does not replace, so that formatting stays.
func (f *Redacted) jsonBody(body []byte) (out []byte, ok bool) {
	if !utf8.Valid(body) || !json.Valid(body) {
		return nil, false
	}
	walk := jsonRedaction{found: f, source: string(body)}
	walk.value(gjson.Parse(walk.source), keepKind, "", 0)
	walk.out.WriteString(walk.source[walk.copied:])
	return walk.out.Bytes(), true
}

// maxRedactDepth is how far down a body is looked at, because looking costs depth times length; what lies deeper is
// taken out whole.
const maxRedactDepth = 64

type jsonRedaction struct {
	found  *Redacted
	source string
	out    bytes.Buffer
	copied int // of source
}

// value goes down into what stands under key. All that is within a credential is one.
func (w *jsonRedaction) value(value gjson.Result, kind kind, key string, depth int) {
	switch {
	case value.Type == gjson.JSON && depth == maxRedactDepth:
		w.found.Tokens++
		w.replace(value, `"`+redactedText+`"`)
	case value.IsObject():
		w.object(value, kind, key, depth)
	case value.IsArray():
		value.ForEach(func(_, item gjson.Result) bool {
			w.value(item, kind, key, depth+1)
			return true
		})
	case value.Type == gjson.String:
		w.text(value, kind)
	case value.Type == gjson.Number && (kind == secretKind || kind == tokenKind) && value.Raw != "0":
		w.found.value(kind, value.Raw)
		w.replace(value, "0")
	}
}

func (w *jsonRedaction) object(object gjson.Result, kind kind, parent string, depth int) {
	label := object.Get("trait_type").String() // an attribute of a certificate names its value beside it
	object.ForEach(func(key, value gjson.Result) bool {
		name := key.String()
		inner := kindOf(name, parent)
		switch {
		case inner == keepKind && (kind == secretKind || kind == tokenKind):
			inner = kind
		case kind == nameKind && isPart(lastWord(name)):
			inner = nameKind
		case name == "value" && label != "":
			inner = kindOf(label, "")
		}
		w.text(key, keepKind)
		w.value(value, inner, name, depth+1)
		return true
	})
}

func (w *jsonRedaction) text(value gjson.Result, kind kind) {
	text := value.String()
	if changed := w.changed(text, kind); changed != text {
		w.replace(value, quoted(changed))
	}
}

func (w *jsonRedaction) changed(text string, kind kind) string {
	if kind != keepKind {
		return w.found.value(kind, text)
	}
	if inner := strings.TrimLeft(text, " \t\r\n"); strings.HasPrefix(inner, "{") || strings.HasPrefix(inner, "[") {
		if out, ok := w.found.jsonBody([]byte(text)); ok {
			return string(out)
		}
	}
	return w.found.text(text)
}

// quoted leaves <, > and & as they are, unlike gjson.
func quoted(text string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return `""`
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func (w *jsonRedaction) replace(value gjson.Result, by string) {
	w.out.WriteString(w.source[w.copied:value.Index])
	w.out.WriteString(by)
	w.copied = value.Index + len(value.Raw)
}
