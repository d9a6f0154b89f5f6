package event

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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

// How deep the names of objects have to be unique. RFC 8259, section 4, leaves names that come twice to the reader: a body
// that has two ids is none, while further in the last one counts, as in JSON.parse. To refuse what Pocketbook has signed
// would only have it delivered again.
const (
	uniqueNowhere    = 0
	uniqueInEnvelope = 1
	uniqueEverywhere = maxDepth
)

// parse reads one JSON value and nothing after it: names unique down to that depth, numbers as they are written, everything
// bounded. The error is a *BodyError.
func parse(body []byte, unique int) (*value, error) {
	if !utf8.Valid(body) {
		return nil, &BodyError{Expected: "JSON in UTF-8", Got: "bytes that are not UTF-8"}
	}
	if !json.Valid(body) {
		return nil, broken(body)
	}
	p := parser{text: string(body), unique: unique, open: make([]member, 0, 16)} // enough for most events
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// broken turns what encoding/json says of text that is not JSON into evidence.
func broken(body []byte) error {
	err := json.Unmarshal(body, new(json.RawMessage))
	var fault *json.SyntaxError
	if !errors.As(err, &fault) {
		return &BodyError{Expected: "JSON", Got: fmt.Sprint(err)}
	}
	return &BodyError{Expected: "JSON", Got: fmt.Sprintf("a fault at byte %d: %v", fault.Offset, fault)}
}

// parser walks over text that is known to be JSON, so it looks for the ends of values and never for faults.
type parser struct {
	text   string
	unique int // depth
	at     int
	values int
	// open has the members read so far of the objects and arrays that have not ended, the innermost last. Each takes its
	// own when it ends, in one piece of the right size.
	open []member
}

func (p *parser) value(depth int) (value, error) {
	var v value
	if p.values++; p.values > maxValues {
		return v, &BodyError{Expected: fmt.Sprintf("at most %d values", maxValues), Got: "more"}
	}
	var err error
	first, start := p.next(), p.at
	switch first {
	case '{':
		v.members, err = p.inside(depth+1, p.object)
	case '[':
		v.members, err = p.inside(depth+1, p.array)
	case '"':
		p.string()
	case 't', 'f', 'n':
		p.literal()
	default:
		err = checkNumber(p.literal())
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
func (p *parser) inside(depth int, read func(depth int) error) ([]member, error) {
	if depth > maxDepth {
		return nil, &BodyError{Expected: fmt.Sprintf("at most %d levels", maxDepth), Got: "more"}
	}
	outer := len(p.open)
	p.at++
	if err := read(depth); err != nil {
		return nil, err
	}
	p.at++
	own := slices.Clone(p.open[outer:])
	p.open = p.open[:outer]
	return own, nil
}

func (p *parser) object(depth int) error {
	var seen names
	for p.more('}') {
		name := unquote(p.string())
		if depth <= p.unique && !seen.add(name) {
			return &BodyError{Path: shorten(name), Expected: "one member of that name", Got: "a second one"}
		}
		p.next() // the colon
		p.at++
		child, err := p.value(depth)
		if err != nil {
			return under(name, err)
		}
		p.open = append(p.open, member{name, child})
	}
	return nil
}

func (p *parser) array(depth int) error {
	for i := 0; p.more(']'); i++ {
		item, err := p.value(depth)
		if err != nil {
			return under(strconv.Itoa(i), err)
		}
		p.open = append(p.open, member{value: item})
	}
	return nil
}

// more passes over a comma and tells whether another member follows, or the bracket that ends them.
func (p *parser) more(end byte) bool {
	b := p.next()
	if b == ',' {
		p.at++
		b = p.next()
	}
	return b != end
}

// string reads a string with its quotes.
func (p *parser) string() string {
	start := p.at
	for p.at++; p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			p.at++
		}
	}
	p.at++
	return p.text[start:p.at]
}

// literal reads a number, true, false or null.
func (p *parser) literal() string {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n,]}", p.text[p.at]) < 0 {
		p.at++
	}
	return p.text[start:p.at]
}

func checkNumber(number string) error {
	if !reasonable(number) {
		return &BodyError{Expected: "a number within bounds", Got: describe(json.Number(number))}
	}
	return nil
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
