package capture

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// A first line that is continued or quoted by carets is for the command prompt of Windows. So is one that doubles the
// quotes of JSON, as Firefox and older Chromium write it: a POSIX shell would make of "{""id"":1}" what is none.
var promptLine = lazily(`\A[^'\n]*(?:\^(?:"|\r?\n)|"[{\[]\s*"")`)

// cmdLexer reads commands that browsers copy for the command prompt of Windows. Such a line is read twice, by cmd.exe
// for its carets and by the C runtime of curl for its quotes and backslashes.
type cmdLexer struct {
	*shellLexer
	doubled bool // that the command doubles every backslash
}

// pipeline returns the words of one command, and io.EOF when there is none.
func (l *cmdLexer) pipeline() ([]*simpleCommand, error) {
	l.left = l.limit
	for {
		line, err := l.commandLine()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if strings.TrimSpace(line) != "" {
			words, invalid := splitCommandLine(line, l.doubled)
			if invalid != nil {
				return nil, invalid
			}
			return []*simpleCommand{{words: words}}, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// commandLine undoes the carets of one command, up to a line break or "&" that none of them escapes.
func (l *cmdLexer) commandLine() (string, error) {
	var line []byte
	l.doubled = false
	quoted := false
	for {
		c, err := l.unix()
		if err != nil {
			return string(line), err
		}
		switch {
		case c == '\n':
			return string(line), nil
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '&':
			return string(line), nil
		case c == '|' || c == '<' || c == '>':
			return "", reject("has %q outside quotes", string(c)).because(ErrNotLiteral)
		case c == '^':
			// A caret before a line break takes it away, and makes what follows literal.
			if c, err = l.unix(); err == nil && c == '\n' {
				c, err = l.unix()
			}
			if err != nil {
				return string(line), err
			}
			l.doubled = l.doubled || c == '\\'
		}
		line = append(line, c)
	}
}

// unix reads a byte with CRLF as LF, as cmd.exe does.
func (l *cmdLexer) unix() (byte, error) {
	if next, _ := l.source.Peek(2); string(next) == "\r\n" {
		l.skip()
	}
	return l.read()
}

// splitCommandLine splits as the C runtime of Windows does: backslashes count before a quote only, and two quotes within
// quotes are one. Chromium, which alone writes carets before backslashes, doubles all of them, as if they always counted;
// that is undone, so that the request is the one it captured.
func splitCommandLine(line string, doubled bool) ([]string, error) {
	var words []string
	for i := 0; i < len(line); {
		if strings.IndexByte(" \t\n", line[i]) >= 0 {
			i++
			continue
		}
		var word []byte
		quoted := false
		for i < len(line) && (quoted || strings.IndexByte(" \t\n", line[i]) < 0) {
			slashes := len(line[i:]) - len(strings.TrimLeft(line[i:], `\`))
			i += slashes
			atQuote := i < len(line) && line[i] == '"'
			switch {
			case !atQuote && slashes > 0:
				if doubled {
					slashes = (slashes + 1) / 2
				}
				word = append(word, strings.Repeat(`\`, slashes)...)
				continue
			case !atQuote:
				word = append(word, line[i])
			case slashes%2 == 1:
				word = append(word, strings.Repeat(`\`, slashes/2)+`"`...)
			default:
				word = append(word, strings.Repeat(`\`, slashes/2)...)
				if quoted && strings.HasPrefix(line[i:], `""`) {
					word = append(word, '"')
					i++
				} else {
					quoted = !quoted
				}
			}
			i++
		}
		if quoted {
			return nil, reject("ends within double quotes")
		}
		if words = append(words, string(word)); len(words) > maxWords {
			return nil, reject("has more than %d words", maxWords).because(ErrTooLarge)
		}
	}
	return words, nil
}

func isForCommandPrompt(source *bufio.Reader) bool {
	for wanted := 1; ; {
		_, err := source.Peek(wanted)
		head, _ := source.Peek(source.Buffered())
		if err != nil || len(head) == readBuffer || strings.ContainsAny(string(head), "\n'") {
			return promptLine().Match(head)
		}
		wanted = len(head) + 1
	}
}
