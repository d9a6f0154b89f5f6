package event

import "strings"

// string reads a string with its quotes.
func (p *parser) string() error {
	for at := p.at + 1; at < len(p.text); at++ {
		switch b := p.text[at]; {
		case b == '"':
			p.at = at + 1
			return nil
		case b == '\\':
			length := escape(p.text[at+1:])
			if length == 0 {
				return errNotJSON
			}
			at += length
		case b < ' ':
			return errNotJSON
		}
	}
	return errNotJSON
}

// escape tells how long the escape is whose backslash stands before text; 0 when it is none.
func escape(text string) int {
	switch {
	case text == "":
		return 0
	case strings.IndexByte(`"\/bfnrt`, text[0]) >= 0:
		return 1
	case text[0] != 'u' || len(text) < 5:
		return 0
	}
	for _, digit := range []byte(text[1:5]) {
		if strings.IndexByte("0123456789abcdefABCDEF", digit) < 0 {
			return 0
		}
	}
	return 5
}

// word reads true, false or null.
func (p *parser) word(word string) error {
	if !strings.HasPrefix(p.text[p.at:], word) {
		return errNotJSON
	}
	p.at += len(word)
	return nil
}

func (p *parser) number() error {
	start := p.at
	p.one("-")
	first := p.at
	digits := p.digits()
	if digits == 0 || digits > 1 && p.text[first] == '0' {
		return errNotJSON
	}
	if p.one(".") && p.digits() == 0 {
		return errNotJSON
	}
	if p.one("eE") {
		p.one("+-")
		if p.digits() == 0 {
			return errNotJSON
		}
	}
	return checkNumber(p.text[start:p.at])
}

// one goes over a byte of these, if there is one.
func (p *parser) one(of string) bool {
	if p.at == len(p.text) || strings.IndexByte(of, p.text[p.at]) < 0 {
		return false
	}
	p.at++
	return true
}

// digits goes over digits and counts them.
func (p *parser) digits() int {
	start := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at - start
}
