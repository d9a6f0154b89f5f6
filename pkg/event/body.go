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

// ErrMalformedBody is what errors.Is finds in every refusal of a body that is not a well-formed event.
var ErrMalformedBody = errors.New("malformed event body")

// A BodyError says which value of a body stops it from being read as an event. It is an [ErrMalformedBody].
type BodyError struct {
	Path     string // dotted, such as "data.tokenId"; empty for the body itself
	Expected string
	Got      string
}

func (e *BodyError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("event body: expected %s, got %s", e.Expected, e.Got)
	}
	return fmt.Sprintf("event body: %s: expected %s, got %s", e.Path, e.Expected, e.Got)
}

// Unwrap returns [ErrMalformedBody].
func (e *BodyError) Unwrap() error { return ErrMalformedBody }

// parse reads one JSON value and nothing after it: names exact and unique in their object (RFC 8259, section 4, leaves
// duplicates to the reader, and readers differ), numbers as json.Number, everything bounded.
func parse(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, &BodyError{Expected: "JSON in UTF-8", Got: "bytes that are not UTF-8"}
	}
	p := parser{dec: json.NewDecoder(bytes.NewReader(body))}
	p.dec.UseNumber()
	value, err := p.value(nil)
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, &BodyError{Expected: "the end of the body after its JSON value", Got: "more of it"}
	}
	return value, nil
}

type parser struct {
	dec    *json.Decoder
	values int
}

// place is where the parser stands: a chain from the value up to the body, spelled only when something is wrong.
type place struct {
	parent *place
	name   string
	depth  int
}

func (at *place) step(name string) *place {
	if at == nil {
		return &place{name: name, depth: 1}
	}
	return &place{parent: at, name: name, depth: at.depth + 1}
}

func (at *place) String() string {
	var names []string
	for ; at != nil; at = at.parent {
		names = append([]string{at.name}, names...)
	}
	return strings.Join(names, ".")
}

func (p *parser) value(at *place) (any, error) {
	token, err := p.dec.Token()
	if err != nil {
		return nil, p.broken(at, err)
	}
	if p.values++; p.values > maxValues {
		return nil, &BodyError{at.String(), fmt.Sprintf("at most %d values", maxValues), "more"}
	}
	switch token := token.(type) {
	case json.Delim:
		if at != nil && at.depth >= maxDepth {
			return nil, &BodyError{at.String(), fmt.Sprintf("at most %d levels", maxDepth), "more"}
		}
		if token == '{' {
			return p.object(at)
		}
		return p.array(at)
	case json.Number:
		if !reasonable(string(token)) {
			return nil, &BodyError{at.String(), "a number within bounds", describe(token)}
		}
	}
	return token, nil
}

func (p *parser) object(at *place) (any, error) {
	members := map[string]any{}
	for p.dec.More() {
		token, err := p.dec.Token()
		if err != nil {
			return nil, p.broken(at, err)
		}
		name, _ := token.(string)
		here := at.step(name)
		if _, twice := members[name]; twice {
			return nil, &BodyError{here.String(), "one member of that name", "a second one"}
		}
		if members[name], err = p.value(here); err != nil {
			return nil, err
		}
	}
	if _, err := p.dec.Token(); err != nil {
		return nil, p.broken(at, err)
	}
	return members, nil
}

func (p *parser) array(at *place) (any, error) {
	items := []any{}
	for p.dec.More() {
		item, err := p.value(at.step(strconv.Itoa(len(items))))
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if _, err := p.dec.Token(); err != nil {
		return nil, p.broken(at, err)
	}
	return items, nil
}

// broken turns what the tokenizer says into evidence.
func (p *parser) broken(at *place, err error) error {
	got := err.Error()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		got = "the end of the body"
	}
	return &BodyError{at.String(), "JSON", fmt.Sprintf("%s at byte %d", got, p.dec.InputOffset())}
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
