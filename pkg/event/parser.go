package event

import (
	"fmt"
	"slices"
	"strconv"
)

// parser reads JSON as RFC 8259 defines it. What bounds a value is said by a *BodyError, any fault of the text by errNotJSON.
type parser struct {
	text   string
	unique int // depth
	at     int
	values int
	// open has the members read so far of the objects and arrays that have not ended, the innermost last. Each takes its
	// own when it ends, in one piece of the right size.
	open []member
}

// document reads one value and nothing after it.
func (p *parser) document() (value, error) {
	v, err := p.value(0)
	if p.next(); err == nil && p.at < len(p.text) {
		err = errNotJSON
	}
	return v, err
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
		err = p.string()
	case 't':
		err = p.word("true")
	case 'f':
		err = p.word("false")
	case 'n':
		err = p.word("null")
	default:
		err = p.number()
	}
	v.raw = p.text[start:p.at]
	return v, err
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
	if depth == 1 { // nothing else is open, so it may have the whole piece
		return p.open, nil
	}
	own := slices.Clone(p.open[outer:])
	p.open = p.open[:outer]
	return own, nil
}

func (p *parser) object(depth int) error {
	if p.pass('}') {
		return nil
	}
	var seen names
	for {
		name, err := p.name()
		if err != nil {
			return err
		}
		if depth <= p.unique && !seen.add(name) {
			return &BodyError{Path: shorten(name), Expected: "one member of that name", Got: "a second one"}
		}
		child, err := p.value(depth)
		if err != nil {
			return under(name, err)
		}
		p.open = append(p.open, member{name, child})
		if more, err := p.more('}'); !more {
			return err
		}
	}
}

func (p *parser) array(depth int) error {
	if p.pass(']') {
		return nil
	}
	for i := 0; ; i++ {
		item, err := p.value(depth)
		if err != nil {
			return under(strconv.Itoa(i), err)
		}
		p.open = append(p.open, member{value: item})
		if more, err := p.more(']'); !more {
			return err
		}
	}
}

// name reads the name of a member and the colon behind it.
func (p *parser) name() (string, error) {
	if p.next() != '"' {
		return "", errNotJSON
	}
	start := p.at
	if err := p.string(); err != nil {
		return "", err
	}
	name := unquote(p.text[start:p.at])
	if !p.pass(':') {
		return "", errNotJSON
	}
	return name, nil
}

// more passes over what follows a member: a comma, or the bracket that ends them all.
func (p *parser) more(end byte) (bool, error) {
	switch {
	case p.pass(','):
		return true, nil
	case p.pass(end):
		return false, nil
	}
	return false, errNotJSON
}

// pass goes over space and this byte, if it comes next.
func (p *parser) pass(b byte) bool {
	if p.next() != b {
		return false
	}
	p.at++
	return true
}

// next goes over space and returns the byte behind it, 0 at the end of the text.
func (p *parser) next() byte {
	for ; p.at < len(p.text); p.at++ {
		switch b := p.text[p.at]; b {
		case ' ', '\t', '\r', '\n':
		default:
			return b
		}
	}
	return 0
}
