// Package ui is what pbhook can do with a terminal: it finds out whether one is there and how wide it is, decides once
// whether output has colour, makes text from outside safe to show, and draws tables, JSON, progress and hidden prompts.
//
// One [Terminal] stands for one output stream:
//
//	out := ui.New(os.Stdout, ui.Auto, os.LookupEnv)
//	fmt.Fprintf(out, "%s %s\n", out.Good("200 OK"), ui.SanitizeLine(answer, 200))
//
// The roles (Good, Bad, Warn, ...) take text of pbhook's own. Whatever a peer, a file or a user wrote passes [Sanitize],
// [SanitizeText] or [SanitizeLine] first, so that it cannot move the cursor, recolour, retitle or reorder what is shown.
package ui

import (
	"io"
	"strconv"
	"sync"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"golang.org/x/term"
)

const defaultWidth = 80 // columns, where no terminal says otherwise

// Terminal is one output stream and what it can show. Make it with [New]; it is safe for concurrent use, and each
// call of Write reaches the stream whole.
type Terminal struct {
	out     io.Writer
	columns string // COLUMNS, as the environment has it
	tty     bool
	moves   bool // the cursor can be moved: a terminal that is not dumb
	colored bool
	roles   roles
	style   styles

	mu   sync.Mutex // guards what follows, and out
	open bool       // the last line on screen has no end yet
	bar  *bar       // the progress line that is on screen, if any
	err  error      // the first of Write
}

// New looks at w, which is a terminal if it has a file descriptor that is one, and decides about colour once: mode, then
// NO_COLOR, then CLICOLOR_FORCE, then the terminal and its TERM. The environment is read here and never again.
func New(w io.Writer, mode Mode, lookup func(string) (string, bool)) *Terminal {
	kind, _ := lookup("TERM")
	columns, _ := lookup("COLUMNS")
	t := &Terminal{out: w, columns: columns, tty: isTTY(w)}
	t.moves = t.tty && kind != "dumb"
	t.colored = colored(mode, t.moves, lookup)
	t.roles = newRoles(t.colored)
	t.style = newStyles(w, t.colored)
	if t.moves {
		// Only a Windows console has something to switch on; where that fails the console shows text all the same.
		_, _ = termenv.EnableVirtualTerminalProcessing(termenv.NewOutput(w))
	}
	return t
}

// IsTTY tells whether somebody looks at the stream.
func (t *Terminal) IsTTY() bool { return t.tty }

// Colored tells whether the stream takes colour.
func (t *Terminal) Colored() bool { return t.colored }

// Width is the number of columns now: COLUMNS if it is a positive number, else what the terminal says, else 80.
func (t *Terminal) Width() int {
	if columns, err := strconv.Atoi(t.columns); err == nil && columns > 0 {
		return columns
	}
	if file, ok := t.out.(descriptor); ok && t.tty {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return defaultWidth
}

// Write sends p to the stream in one piece; a progress line on screen steps aside for it.
func (t *Terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bar != nil {
		t.bar.hide()
		defer t.bar.show()
	}
	n, err := t.out.Write(p)
	if n > 0 {
		t.open = p[n-1] != '\n'
	}
	if t.err == nil {
		t.err = err
	}
	return n, err
}

// EndLine ends a line that was left open, where somebody looks at it. A file or a pipe gets no byte that was not written.
func (t *Terminal) EndLine() {
	t.mu.Lock()
	open := t.open && t.tty
	t.mu.Unlock()
	if open {
		_, _ = t.Write([]byte("\n"))
	}
}

// Err is the first error of Write, for what is printed in many small pieces.
func (t *Terminal) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Clear empties the screen, where there is one.
func (t *Terminal) Clear() {
	if t.moves {
		_, _ = t.Write([]byte("\x1b[H\x1b[2J"))
		t.mu.Lock()
		t.open = false
		t.mu.Unlock()
	}
}

type descriptor interface{ Fd() uintptr }

func isTTY(stream any) bool {
	file, ok := stream.(descriptor)
	return ok && term.IsTerminal(int(file.Fd()))
}

// styles are the looks of laid-out text; they share a renderer whose profile is told, never guessed.
type styles struct {
	plain, heading, key, text, number, word lipgloss.Style
}

func newStyles(w io.Writer, colored bool) styles {
	profile := termenv.Ascii
	if colored {
		profile = termenv.ANSI
	}
	renderer := lipgloss.NewRenderer(w)
	renderer.SetColorProfile(profile)
	renderer.SetHasDarkBackground(true) // told as well, or the library asks the terminal and waits for its answer
	plain := renderer.NewStyle().Inline(true)
	return styles{
		plain:   plain,
		heading: plain.Faint(true),
		key:     plain.Foreground(lipgloss.ANSIColor(termenv.ANSICyan)),
		text:    plain.Foreground(lipgloss.ANSIColor(termenv.ANSIGreen)),
		number:  plain.Foreground(lipgloss.ANSIColor(termenv.ANSIYellow)),
		word:    plain.Foreground(lipgloss.ANSIColor(termenv.ANSIYellow)),
	}
}
