// Package view puts results into words: text for a person, or one JSON object a line for a program. It is the only place
// that does, so a result reads the same whichever verb shows it.
//
// Data goes to Out and everything else to Err. Whatever came from outside is sanitised here.
package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// Options say where a view writes and how.
type Options struct {
	Out, Err *ui.Terminal
	JSON     bool // one object a line in place of text
	Verbose  bool // show headers and bodies as they were on the wire
}

// View shows results. It is safe for concurrent use; each result is written in one piece.
type View struct {
	Options
}

// New makes a view.
func New(o Options) *View { return &View{Options: o} }

const clock = "15:04:05.000"

// emit writes one JSON object on its own line. HTML escaping stays off: this is no page, and bodies are to be read. What a
// terminal would act on is escaped beyond what JSON asks for, which changes nothing for a program.
func emit(to *ui.Terminal, object any) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		return err
	}
	_, err := io.WriteString(to, ui.Sanitize(strings.TrimSuffix(line.String(), "\n"))+"\n")
	return err
}

// Exact is where requests are written byte for byte; on a terminal, where nobody counts bytes, they are made safe to look at.
func (v *View) Exact() io.Writer {
	if v.Out.IsTTY() {
		return safe{v.Out}
	}
	return v.Out
}

type safe struct{ to io.Writer }

func (s safe) Write(p []byte) (int, error) {
	text := strings.ReplaceAll(string(p), "\r\n", "\n")
	if _, err := io.WriteString(s.to, ui.SanitizeText(text)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Note is a line for a person, on Err, that is not part of the data; a program is spared it.
func (v *View) Note(format string, args ...any) {
	if !v.JSON {
		v.Out.EndLine()
		fmt.Fprintln(v.Err, v.Err.Dim(fmt.Sprintf(format, args...)))
	}
}

// Warning is a line on Err about something that should not stay as it is.
func (v *View) Warning(text string) {
	v.Out.EndLine()
	if v.JSON {
		_ = emit(v.Err, struct {
			Kind    string `json:"kind"`
			Warning string `json:"warning"`
		}{"warning", text})
		return
	}
	fmt.Fprintf(v.Err, "%s %s\n", v.Err.Warn("pbhook: warning:"), ui.Sanitize(text))
}

// Count writes a number of things that the noun names one of: 1 case, 2 cases.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// milliseconds writes a duration as the JSON output has it: a number, with fractions down to the microsecond.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// elapsed writes a duration for a person: 12 ms, 0.8 ms, 2.4 s, 5 m 3 s.
func elapsed(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", milliseconds(d))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d m %d s", int(d.Minutes()), int(d.Seconds())%60)
	default:
		return fmt.Sprintf("%d h %d m", int(d.Hours()), int(d.Minutes())%60)
	}
}
