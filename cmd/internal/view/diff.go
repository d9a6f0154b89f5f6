package view

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/forensics"
)

const (
	diffLabel = "  received  "
	leastDiff = 24 // columns below which a stretch of a body says nothing
)

// diff shows both bodies around the first byte that differs, one below the other with a mark between them, in lines that
// no terminal has to break.
func (v *View) diff(text *strings.Builder, d *forensics.Diff) {
	if d == nil {
		return
	}
	fmt.Fprintln(text)
	v.paragraph(text, "", fmt.Sprintf("the bodies part at byte %d (line %d): %d bytes were signed, %d received", d.Offset, d.Line, d.SignedLen, d.ReceivedLen))
	before, signed := halves(d.Signed, d, d.SignedLen)
	_, received := halves(d.Received, d, d.ReceivedLen)
	room := max(leastDiff, v.Out.Width()-len(diffLabel))
	before = ui.ClipStart(before, max(room/3, room-max(ui.Columns(signed), ui.Columns(received))))
	fmt.Fprintf(text, "  signed    %s\n", ui.ClipEnd(before+signed, room))
	fmt.Fprintf(text, "%s%s\n", strings.Repeat(" ", len(diffLabel)+ui.Columns(before)), v.Out.Bad("^"))
	fmt.Fprintf(text, "%s%s\n", diffLabel, ui.ClipEnd(before+received, room))
}

// halves makes a window of a body visible: what is the same in both bodies, and what follows from the difference on.
func halves(window []byte, d *forensics.Diff, length int) (before, after string) {
	at := d.Offset - d.Start
	for at > 0 && (within(d.Signed, at) || within(d.Received, at)) {
		at--
	}
	before, after = ui.Sanitize(string(window[:at])), ui.Sanitize(string(window[at:]))
	if d.Start > 0 {
		before = "…" + before
	}
	if d.Start+len(window) < length {
		after += "…"
	}
	whole := before + after
	hidden := hideSecrets(whole)
	if hidden == whole {
		return before, after
	}
	same := commonStart(hidden, whole, len(before))
	for same > 0 && within([]byte(hidden), same) {
		same--
	}
	return hidden[:same], hidden[same:]
}

// within tells whether a character of UTF-8 goes on at an offset, rather than beginning there.
func within(window []byte, at int) bool { return at < len(window) && !utf8.RuneStart(window[at]) }

// commonStart counts the bytes in which two texts are equal from the beginning, up to limit.
func commonStart(a, b string, limit int) int {
	n := 0
	for n < min(len(a), len(b), limit) && a[n] == b[n] {
		n++
	}
	return n
}
