package capture

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// redirection reads "<file", "<<<text", "<<END" and passes over those of the output.
func (l *shellLexer) redirection(command *simpleCommand) error {
	c, err := l.read()
	if err != nil {
		return err
	}
	operator := string(c)
	for len(operator) < 3 {
		next, _ := l.peek()
		if next != c && (next != '-' || operator != "<<") && (next != '&' && next != '|' || operator != ">") {
			break
		}
		l.skip()
		operator += string(next)
	}
	l.skipBlanks()
	next, _ := l.source.Peek(1)
	target, err := l.target(string(next))
	if err != nil {
		return err
	}
	switch operator {
	case ">", ">>", ">&", ">|":
	case "<":
		command.input = &shellInput{file: target}
	case "<<<":
		command.input = &shellInput{text: []byte(target + "\n")}
	case "<<", "<<-":
		command.input = &shellInput{}
		l.waits = append(l.waits, hereDocument{
			command: command, end: target, literal: strings.ContainsAny(string(next), `'"\`), tabsAway: operator == "<<-",
		})
	default:
		return reject("redirects with %s", operator).because(ErrNotLiteral)
	}
	return nil
}

func (l *shellLexer) target(first string) (string, error) {
	if first == "" || strings.ContainsAny(first, "<>|&;()\n") {
		return "", reject("redirects to what is no file name").because(ErrNotLiteral)
	}
	word, _, err := l.word()
	return word, err
}

// hereDocuments reads those that the line before announced.
func (l *shellLexer) hereDocuments() error {
	waits := l.waits
	l.waits = nil
	for _, wait := range waits {
		var text strings.Builder
		for {
			line, err := l.hereLine()
			if err != nil {
				return err
			}
			if wait.tabsAway {
				line = strings.TrimLeft(line, "\t")
			}
			if strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r") == wait.end {
				break
			}
			if !strings.HasSuffix(line, "\n") {
				return reject("ends before the here-document %q", wait.end)
			}
			text.WriteString(line)
		}
		document, err := l.hereText(text.String(), wait.literal)
		if err != nil {
			return err
		}
		wait.command.input.text = document
	}
	return nil
}

// hereLine is one line with its line break, or what is left of the input.
func (l *shellLexer) hereLine() (string, error) {
	var line []byte
	for {
		c, err := l.read()
		if errors.Is(err, io.EOF) {
			return string(line), nil
		}
		if err != nil {
			return "", err
		}
		if line = append(line, c); c == '\n' {
			return string(line), nil
		}
	}
}

func (l *shellLexer) hereText(text string, literal bool) ([]byte, error) {
	if literal {
		return []byte(text), nil
	}
	inner := l.over(text)
	var document []byte
	for {
		c, err := inner.read()
		if errors.Is(err, io.EOF) {
			return document, nil
		}
		if c == '\\' {
			if next, _ := inner.peek(); next == '"' { // here, a quote is no more than a quote
				inner.skip()
				document = append(document, '\\', '"')
				continue
			}
		}
		if document, err = inner.inDoubleQuotes(document, c); err != nil {
			return nil, err
		}
	}
}

// printed is what "printf FORMAT [TEXT]" prints in every POSIX shell.
func printed(words []string) ([]byte, error) {
	if len(words) > 1 && words[1] == "--" {
		words = append(words[:1:1], words[2:]...)
	}
	if len(words) < 2 || len(words) > 3 || strings.HasPrefix(words[1], "-") {
		return nil, reject("has a printf of other than a format and one text").because(ErrNotLiteral)
	}
	format, arguments := words[1], words[2:]
	var out []byte
	for i := 0; i < len(format); i++ {
		next := ""
		if i+1 < len(format) {
			next = format[i+1 : i+2]
		}
		switch pair := format[i : i+1]; {
		case pair != "%" && pair != `\`:
			out = append(out, format[i])
		case pair+next == "%%":
			out = append(out, '%')
			i++
		case pair+next == "%s" && len(arguments) == 1:
			out = append(out, arguments[0]...)
			arguments = nil
			i++
		case pair == `\` && strings.ContainsAny(next, `\abfnrtv`):
			out = append(out, "\\\a\b\f\n\r\t\v"[strings.Index(`\abfnrtv`, next)])
			i++
		case pair == `\` && next >= "0" && next <= "7":
			digits := 1
			for digits < 3 && i+1+digits < len(format) && format[i+1+digits] >= '0' && format[i+1+digits] <= '7' {
				digits++
			}
			value, err := strconv.ParseUint(format[i+1:i+1+digits], 8, 8)
			if err != nil {
				return nil, reject(`has a printf with \%s, which is no byte`, format[i+1:i+1+digits]).because(ErrNotLiteral)
			}
			out = append(out, byte(value))
			i += digits
		default:
			return nil, reject("has a printf with %q, which shells read differently", pair+next).because(ErrNotLiteral)
		}
	}
	if len(arguments) > 0 {
		return nil, reject("has a printf whose text its format does not take").because(ErrNotLiteral)
	}
	return out, nil
}

// echoed is what "echo [-n] TEXT…" prints, where all shells agree on it.
func echoed(words []string) ([]byte, error) {
	words, end := words[1:], "\n"
	if len(words) > 0 && words[0] == "-n" {
		words, end = words[1:], ""
	}
	text := strings.Join(words, " ")
	if strings.HasPrefix(text, "-") || strings.Contains(text, `\`) {
		return nil, reject("has an echo with options or backslashes, which shells read differently").because(ErrNotLiteral)
	}
	return []byte(text + end), nil
}
