package tunnel

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

const (
	keptLines = 8
	keptWidth = 200 // bytes of each of them
)

// terminalCodes are control sequences, operating system commands, and two-byte escapes (ECMA-48, sections 5.3 and 5.4).
const terminalCodes = `\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]`

// Transcript keeps the last lines that a far end or a program wrote, for the error that may follow. It is for those who
// write a [Provider]. Create it with [NewTranscript]; it is safe for concurrent use.
type Transcript struct {
	codes *regexp.Regexp

	mu    sync.Mutex
	lines []string
}

// NewTranscript returns an empty transcript.
func NewTranscript() *Transcript {
	return &Transcript{codes: regexp.MustCompile(terminalCodes)}
}

// Hear keeps a line and returns it without what is for terminals only, and without space around it.
func (t *Transcript) Hear(line string) string {
	line = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, t.codes.ReplaceAllString(line, "")))
	if line == "" {
		return ""
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == keptLines {
		t.lines = t.lines[1:]
	}
	t.lines = append(t.lines, strings.ToValidUTF8(line[:min(len(line), keptWidth)], ""))
	return line
}

// Last returns the lines that were kept, at most eight.
func (t *Transcript) Last() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.lines...)
}
