package event

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// The parser takes for JSON what encoding/json does, but for what it bounds.
func FuzzParser(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,-0,1.5e+3,true,false,null,"\u00e9\\\"\/\b\f\n\r\t"],"b":{}}`, " \t\r\n[ ] ", `""`, `0`, `-`, `01`, `1.`, `.5`, `1e`, `1e+`, `+1`,
		`tru`, `nulll`, `{"a"}`, `{"a":1,}`, `{,}`, `[1,]`, `[,1]`, `[1 2]`, `{"a" 1}`, `{a:1}`, `{1:1}`, `"\x"`, `"\u12"`, `"\u12g4"`, `"`, `"\`, "\"\n\"",
		"\"\x1f\"", "\"\x7f\"", `1 2`, `{}{}`, "1\x00", "\x00", "", " ", "\ufeff1", strings.Repeat("[", 70), `NaN`, `Infinity`, `'a'`, `/**/1`, `{"a":1`, `[1`, `[`, `{`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := parser{text: text, unique: uniqueEverywhere}
		_, err := p.document()
		if bound := (*BodyError)(nil); errors.As(err, &bound) || !utf8.ValidString(text) {
			return
		}
		if valid := json.Valid([]byte(text)); valid != (err == nil) {
			t.Fatalf("%q is JSON: %v, but the parser says %v", text, valid, err)
		}
	})
}
