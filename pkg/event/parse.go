package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	p := parser{body: body, dec: json.NewDecoder(bytes.NewReader(body))}
	p.dec.UseNumber()
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, &BodyError{Expected: "the end of the body after its JSON value", Got: "more of it"}
	}
	return &v, nil
}

type parser struct {
	body   []byte
	dec    *json.Decoder
	values int
}

func (p *parser) value(depth int) (value, error) {
	var v value
	start := p.dec.InputOffset()
	token, err := p.dec.Token()
	if err != nil {
		return v, p.broken(err)
	}
	if p.values++; p.values > maxValues {
		return v, &BodyError{Expected: fmt.Sprintf("at most %d values", maxValues), Got: "more"}
	}
	switch token := token.(type) {
	case json.Delim:
		v.shape = byte(token)
		err = p.inside(&v, depth+1)
	case json.Number:
		v.scalar = token
		if !reasonable(string(token)) {
			err = &BodyError{Expected: "a number within bounds", Got: describe(token)}
		}
	default:
		v.scalar = token
	}
	// The decoder has not yet passed what separates this value from the one before.
	v.raw = bytes.TrimLeft(p.body[start:p.dec.InputOffset()], " \t\r\n:,")
	return v, err
}

// inside reads an object or array to its end.
func (p *parser) inside(v *value, depth int) error {
	if depth > maxDepth {
		return &BodyError{Expected: fmt.Sprintf("at most %d levels", maxDepth), Got: "more"}
	}
	read := p.items
	if v.shape == '{' {
		read = p.members
	}
	if err := read(v, depth); err != nil {
		return err
	}
	if _, err := p.dec.Token(); err != nil {
		return p.broken(err)
	}
	return nil
}

func (p *parser) members(v *value, depth int) error {
	seen := map[string]bool{}
	for p.dec.More() {
		token, err := p.dec.Token()
		if err != nil {
			return p.broken(err)
		}
		name, _ := token.(string)
		if seen[name] {
			return &BodyError{Path: shorten(name), Expected: "one member of that name", Got: "a second one"}
		}
		seen[name] = true
		child, err := p.value(depth)
		if err != nil {
			return under(name, err)
		}
		v.members = append(v.members, member{name, child})
	}
	return nil
}

func (p *parser) items(v *value, depth int) error {
	for p.dec.More() {
		item, err := p.value(depth)
		if err != nil {
			return under(strconv.Itoa(len(v.items)), err)
		}
		v.items = append(v.items, item)
	}
	return nil
}

// broken turns what the tokenizer says into evidence.
func (p *parser) broken(err error) error {
	got := err.Error()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		got = "the end of the body"
	}
	return &BodyError{Expected: "JSON", Got: fmt.Sprintf("%s at byte %d", got, p.dec.InputOffset())}
}

// under puts a name before the path of what went wrong inside it.
func under(name string, err error) error {
	var inner *BodyError
	if errors.As(err, &inner) {
		inner.Path = join(shorten(name), inner.Path)
	}
	return err
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
