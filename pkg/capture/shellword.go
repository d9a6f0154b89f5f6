package capture

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// word reads one word and tells whether it is digits only, without quotes, as the descriptor of a redirection is.
func (l *shellLexer) word() (text string, isNumber bool, err error) {
	var word []byte
	brace, quoted := false, false
	for {
		c, err := l.peek()
		switch {
		case errors.Is(err, io.EOF) || err == nil && strings.IndexByte(" \t\n|&;<>", c) >= 0 || l.within && c == ')':
			return string(word), !quoted && isNumeric(word), nil
		case err != nil:
			return "", false, err
		case c == '(' || c == ')':
			return "", false, reject("has a parenthesis outside quotes").because(ErrNotLiteral)
		case brace && (c == ',' || c == '.' && strings.HasSuffix(string(word), ".")):
			return "", false, reject("has braces outside quotes, which a shell expands").because(ErrNotLiteral)
		}
		brace = brace || c == '{'
		if next, _ := l.source.Peek(2); string(next) == "\r\n" {
			l.skip()
			continue
		}
		quoted = quoted || c == '\\' || c == '\'' || c == '"' || c == '$'
		if word, err = l.part(word, c); err != nil {
			return "", false, err
		}
	}
}

func isNumeric(word []byte) bool {
	for _, c := range word {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(word) > 0
}

// part appends one byte of a word or all that its quotes hold.
func (l *shellLexer) part(word []byte, c byte) ([]byte, error) {
	l.skip()
	switch c {
	case '\\':
		next, err := l.must("an escape")
		if err != nil || next == '\n' {
			return word, err
		}
		if next == '\r' {
			if after, _ := l.peek(); after == '\n' {
				l.skip()
				return word, nil
			}
		}
		return append(word, next), nil
	case '\'':
		return l.singleQuoted(word)
	case '"':
		return l.doubleQuoted(word)
	case '`':
		return nil, errSubstitution()
	case '$':
		return l.dollar(word, true)
	}
	return append(word, c), nil
}

func errSubstitution() error {
	return reject("runs a command to complete this one").because(ErrNotLiteral)
}

func (l *shellLexer) singleQuoted(word []byte) ([]byte, error) {
	for {
		c, err := l.must("single quotes")
		if err != nil || c == '\'' {
			return word, err
		}
		word = append(word, c)
	}
}

func (l *shellLexer) doubleQuoted(word []byte) ([]byte, error) {
	for {
		c, err := l.must("double quotes")
		if err != nil || c == '"' {
			return word, err
		}
		if word, err = l.inDoubleQuotes(word, c); err != nil {
			return nil, err
		}
	}
}

// inDoubleQuotes appends what c begins, by the rules of double quotes and of here-documents.
func (l *shellLexer) inDoubleQuotes(word []byte, c byte) ([]byte, error) {
	switch c {
	case '`':
		return nil, errSubstitution()
	case '$':
		return l.dollar(word, false)
	case '\\':
		next, err := l.must("double quotes")
		switch {
		case err != nil || next == '\n':
			return word, err
		case strings.IndexByte("$`\"\\", next) >= 0:
			return append(word, next), nil
		}
		return append(word, '\\', next), nil
	}
	return append(word, c), nil
}

// dollar reads what follows a dollar sign. Bare tells that it stands outside quotes.
func (l *shellLexer) dollar(word []byte, bare bool) ([]byte, error) {
	c, err := l.peek()
	switch {
	case errors.Is(err, io.EOF):
		return append(word, '$'), nil
	case err != nil:
		return nil, err
	case bare && c == '\'':
		l.skip()
		return l.ansiQuoted(word)
	case bare && c == '"':
		l.skip()
		return l.doubleQuoted(word)
	case !bare && c == '(' && !l.within:
		l.skip()
		return l.substitution(word)
	case c == '(' || c == '[':
		return nil, errSubstitution()
	case c == '{' || c == '_' || isLetter(c) || c >= '0' && c <= '9' || strings.IndexByte("*@#?-$!", c) >= 0:
		return nil, reject("uses a variable, whose value is not known").because(ErrNotLiteral)
	}
	return append(word, '$'), nil
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// substitution reads "$(printf '…')", which [WriteCurl] writes, and nothing else; printf is not run.
func (l *shellLexer) substitution(word []byte) ([]byte, error) {
	l.within = true
	defer func() { l.within = false }()
	var words []string
	for {
		l.skipBlanks()
		c, err := l.peek()
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case err != nil || c == '\n' || strings.IndexByte("|&;<>(#", c) >= 0:
			return nil, errSubstitution()
		case c == ')':
			l.skip()
			if len(words) == 0 || words[0] != "printf" {
				return nil, errSubstitution()
			}
			text, err := printed(words)
			// A shell drops these from what a substitution gives, and NUL with a warning.
			return append(word, strings.ReplaceAll(strings.TrimRight(string(text), "\n"), "\x00", "")...), err
		}
		text, _, err := l.word()
		if err != nil {
			return nil, err
		}
		words = append(words, text)
	}
}

// ansiQuoted reads the escapes of $'…' (POSIX.1-2024, section 2.2.4, and Bash).
func (l *shellLexer) ansiQuoted(word []byte) ([]byte, error) {
	cut := -1 // where NUL ends the text in Bash
	for {
		c, err := l.must("quotes")
		if err != nil {
			return nil, err
		}
		switch c {
		case '\'':
			if cut >= 0 {
				word = word[:cut]
			}
			return word, nil
		case '\\':
			before := len(word)
			if word, err = l.ansiEscape(word); err != nil {
				return nil, err
			}
			if cut < 0 && len(word) > before && word[before] == 0 {
				cut = before
			}
		default:
			word = append(word, c)
		}
	}
}

func (l *shellLexer) ansiEscape(word []byte) ([]byte, error) {
	c, err := l.must("quotes")
	if err != nil {
		return nil, err
	}
	if at := strings.IndexByte("abefnrtvE", c); at >= 0 {
		return append(word, "\a\b\x1b\f\n\r\t\v\x1b"[at]), nil
	}
	switch c {
	case '\\', '\'', '"', '?':
		return append(word, c), nil
	case 'x':
		return l.ansiNumber(word, c, 16, 2)
	case 'u':
		return l.ansiNumber(word, c, 16, 4)
	case 'U':
		return l.ansiNumber(word, c, 16, 8)
	case 'c':
		control, err := l.must("quotes")
		return append(word, control&0x1f), err
	}
	if c >= '0' && c <= '7' {
		value := int(c - '0')
		for range 2 {
			if next, _ := l.peek(); next >= '0' && next <= '7' {
				l.skip()
				value = value*8 + int(next-'0')
			} else {
				break
			}
		}
		return append(word, byte(value)), nil
	}
	return append(word, '\\', c), nil
}

func (l *shellLexer) ansiNumber(word []byte, kind byte, base, digits int) ([]byte, error) {
	value, n := 0, 0
	for ; n < digits; n++ {
		next, _ := l.peek()
		digit := strings.IndexByte("0123456789abcdef", next|0x20)
		if digit < 0 || next < '0' {
			break
		}
		l.skip()
		value = value*base + digit
	}
	switch {
	case n == 0:
		return append(word, '\\', kind), nil
	case kind == 'x':
		return append(word, byte(value)), nil
	case !utf8.ValidRune(rune(value)) || value > utf8.MaxRune:
		return nil, reject("has an escape of no character, \\%c%x", kind, value)
	}
	return utf8.AppendRune(word, rune(value)), nil
}
