package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

const maxWords = 1 << 16

// shellLexer reads literal commands of a POSIX shell or Bash. It expands nothing and runs nothing, and what would need
// either it refuses. A full shell parser is not used because its recursion follows the input: a megabyte of "(" ends the
// whole process.
type shellLexer struct {
	source *bufio.Reader
	limit  int // of the text of one pipeline, in bytes
	left   int
	parts  int // words and redirections of one pipeline
	line   int
	within bool // a substitution, which holds no other
	failed error
	waits  []hereDocument
}

// simpleCommand is one command of a pipeline.
type simpleCommand struct {
	words []string
	input *shellInput // what a redirection gives it to read, or nil
}

// shellInput is text that stands in the command, or a file that it names.
type shellInput struct {
	text []byte
	file string
}

type hereDocument struct {
	command  *simpleCommand
	end      string
	literal  bool
	tabsAway bool
}

func newShellLexer(source *bufio.Reader, limit int) *shellLexer {
	return &shellLexer{source: source, limit: limit, left: limit, line: 1}
}

// pipeline returns the commands up to the next ";", "&", "&&", "||" or line break, and io.EOF when there are none.
func (l *shellLexer) pipeline() ([]*simpleCommand, error) {
	l.left, l.parts = l.limit, 0
	command := &simpleCommand{}
	commands := []*simpleCommand{command}
	for {
		l.skipBlanks()
		c, err := l.peek()
		switch {
		case errors.Is(err, io.EOF):
			return commands, l.endPipeline(commands, io.EOF)
		case err != nil:
			return nil, err
		case c == '\n' || c == ';' || c == '&':
			l.skip()
			if err := l.endOf(c); err != nil {
				return nil, err
			}
			if afterPipe := len(command.words) == 0 && len(commands) > 1; afterPipe && c == '\n' {
				continue
			}
			if err := l.endPipeline(commands, nil); !errors.Is(err, errNoCommand) {
				return commands, err
			}
		case c == '|':
			l.skip()
			if next, _ := l.peek(); next == '|' {
				l.skip()
				return commands, l.endPipeline(commands, reject("has || without a command"))
			}
			command = &simpleCommand{}
			commands = append(commands, command)
		case c == '#':
			l.skipComment()
		default:
			if err := l.wordOrRedirection(command); err != nil {
				return nil, err
			}
		}
	}
}

var errNoCommand = errors.New("no command")

func (l *shellLexer) endPipeline(commands []*simpleCommand, end error) error {
	if l.failed != nil {
		return l.failed
	}
	for _, command := range commands {
		if len(command.words) > 0 || command.input != nil {
			continue
		}
		if len(commands) > 1 {
			return reject("has a pipe without a command")
		}
		if end != nil {
			return end
		}
		return errNoCommand
	}
	if len(l.waits) > 0 {
		return reject("ends before the here-document %q", l.waits[0].end)
	}
	return nil
}

// endOf takes the rest of a terminator: the second "&", or the here-documents that begin after a line break.
func (l *shellLexer) endOf(c byte) error {
	if c == '\n' {
		return l.hereDocuments()
	}
	next, err := l.peek()
	if err == nil && c == '&' && next == '>' {
		return reject("redirects with &>").because(ErrNotLiteral)
	}
	if err == nil && c == '&' && next == '&' {
		l.skip()
	}
	return nil
}

func (l *shellLexer) wordOrRedirection(command *simpleCommand) error {
	if l.parts++; l.parts > maxWords {
		return reject("has more than %d words", maxWords).because(ErrTooLarge)
	}
	if c, _ := l.peek(); c != '<' && c != '>' {
		word, isNumber, err := l.word()
		if err != nil {
			return err
		}
		next, _ := l.peek()
		if !isNumber || next != '<' && next != '>' {
			command.words = append(command.words, word)
			return nil
		}
		if next == '<' && word != "0" {
			return reject("reads from descriptor %s", word).because(ErrNotLiteral)
		}
	}
	return l.redirection(command)
}

func (l *shellLexer) skipBlanks() {
	for {
		next, _ := l.source.Peek(3)
		switch {
		case len(next) > 0 && (next[0] == ' ' || next[0] == '\t'), bytes.HasPrefix(next, []byte("\r\n")):
			l.skip()
		case bytes.HasPrefix(next, []byte("\\\n")):
			l.skip()
			l.skip()
		case bytes.HasPrefix(next, []byte("\\\r\n")): // pasted on Windows
			l.skip()
			l.skip()
			l.skip()
		default:
			return
		}
	}
}

func (l *shellLexer) skipComment() {
	for {
		if c, err := l.peek(); err != nil || c == '\n' {
			return
		}
		l.skip()
	}
}

// peek and read give the next byte. Errors stay: that of the source, that the text is too long, and io.EOF.
func (l *shellLexer) peek() (byte, error) {
	if l.failed != nil {
		return 0, l.failed
	}
	if l.left <= 0 {
		l.failed = tooLarge("a command", l.limit)
		return 0, l.failed
	}
	next, err := l.source.Peek(1)
	if err != nil {
		if !errors.Is(err, io.EOF) {
			l.failed = err
		}
		return 0, err
	}
	return next[0], nil
}

func (l *shellLexer) read() (byte, error) {
	c, err := l.peek()
	if err != nil {
		return 0, err
	}
	if _, err := l.source.Discard(1); err != nil {
		return 0, err
	}
	l.left--
	if c == '\n' {
		l.line++
	}
	return c, nil
}

// skip takes the next byte, which has been seen by peek; what reading it may fail with, peek gives again.
func (l *shellLexer) skip() { _, _ = l.read() }

// must is read where the input may not end.
func (l *shellLexer) must(within string) (byte, error) {
	c, err := l.read()
	if errors.Is(err, io.EOF) {
		return 0, reject("ends within %s", within)
	}
	return c, err
}

// over is a lexer of text that stands within this one.
func (l *shellLexer) over(text string) *shellLexer {
	inner := newShellLexer(bufio.NewReader(strings.NewReader(text)), len(text)+1)
	inner.line, inner.within = l.line, true
	return inner
}
