package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a body may cost before it is refused; an honest event is far below each.
const (
	maxDepth    = 64
	maxValues   = 1 << 18
	maxNumber   = 128 // characters of one number; a 256-bit integer has 78
	maxExponent = 400
)

// parse reads one JSON value and nothing after it: names unique in their object (RFC 8259, section 4, leaves duplicates
// to the reader, and readers differ), numbers as they are written, everything bounded. The error is a *BodyError.
func parse(body []byte) (*value, error) {
	if !utf8.Valid(body) {
		return nil, &BodyError{Expected: "JSON in UTF-8", Got: "bytes that are not UTF-8"}
	}
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		return nil, broken(err)
	}
	p := parser{text: whole}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// broken turns what encoding/json says into evidence.
func broken(err error) error {
	var fault *json.SyntaxError
	if !errors.As(err, &fault) {
		return &BodyError{Expected: "JSON", Got: err.Error()}
	}
	return &BodyError{Expected: "JSON", Got: fmt.Sprintf("a fault at byte %d: %v", fault.Offset, fault)}
}

// parser walks over text that is known to be JSON, so it looks for the ends of values and never for faults.
type parser struct {
	text   []byte
	at     int
	values int
}

func (p *parser) value(depth int) (value, error) {
	var v value
	if p.values++; p.values > maxValues {
		return v, &BodyError{Expected: fmt.Sprintf("at most %d values", maxValues), Got: "more"}
	}
	var err error
	first, start := p.next(), p.at
	switch first {
	case '{', '[':
		v.shape = first
		err = p.inside(&v, depth+1)
	case '"':
		v.scalar = p.string()
	default:
		v.scalar, err = p.literal()
	}
	v.raw = p.text[start:p.at]
	return v, err
}

// next passes over space and returns the byte behind it.
func (p *parser) next() byte {
	for ; ; p.at++ {
		switch b := p.text[p.at]; b {
		case ' ', '\t', '\r', '\n':
		default:
			return b
		}
	}
}

// inside reads an object or array to its end.
func (p *parser) inside(v *value, depth int) error {
	if depth > maxDepth {
		return &BodyError{Expected: fmt.Sprintf("at most %d levels", maxDepth), Got: "more"}
	}
	p.at++
	if v.shape == '{' {
		return p.members(v, depth)
	}
	return p.items(v, depth)
}

func (p *parser) members(v *value, depth int) error {
	seen := map[string]bool{}
	for {
		switch p.next() {
		case '}':
			p.at++
			return nil
		case ',':
			p.at++
			continue
		}
		name := p.string()
		if seen[name] {
			return &BodyError{Path: shorten(name), Expected: "one member of that name", Got: "a second one"}
		}
		seen[name] = true
		p.next() // the colon
		p.at++
		child, err := p.value(depth)
		if err != nil {
			return under(name, err)
		}
		v.members = append(v.members, member{name, child})
	}
}

func (p *parser) items(v *value, depth int) error {
	for {
		switch p.next() {
		case ']':
			p.at++
			return nil
		case ',':
			p.at++
			continue
		}
		item, err := p.value(depth)
		if err != nil {
			return under(strconv.Itoa(len(v.items)), err)
		}
		v.items = append(v.items, item)
	}
}

func (p *parser) string() string {
	start, escaped := p.at, false
	for p.at++; p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			escaped = true
			p.at++
		}
	}
	p.at++
	if !escaped {
		return string(p.text[start+1 : p.at-1])
	}
	var s string
	_ = json.Unmarshal(p.text[start:p.at], &s) // it is part of text that was valid
	return s
}

// literal reads a number, true, false or null.
func (p *parser) literal() (any, error) {
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(" \t\r\n,]}", rune(p.text[p.at])) {
		p.at++
	}
	switch word := string(p.text[start:p.at]); word {
	case "null":
		return nil, nil
	case "true", "false":
		return word == "true", nil
	default:
		if !reasonable(word) {
			return nil, &BodyError{Expected: "a number within bounds", Got: describe(json.Number(word))}
		}
		return json.Number(word), nil
	}
}

// reasonable refuses numbers that cost more to hold exactly than any event needs.
func reasonable(number string) bool {
	if len(number) > maxNumber {
		return false
	}
	i := strings.IndexAny(number, "eE")
	if i < 0 {
		return true
	}
	exponent, err := strconv.Atoi(number[i+1:])
	return err == nil && -maxExponent <= exponent && exponent <= maxExponent
}
