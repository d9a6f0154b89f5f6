package view

import (
	"strconv"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

const (
	wideEnough   = 120 // columns, for a list that shows the ids of events too
	tableWidth   = 80  // columns, for a list that is a table at all
	matchContext = 24  // bytes shown before and behind a text that was searched for
)

// cells are those of a row behind its id.
func (l *Records) cells(r history.Record) []string {
	v := l.view
	at, ago := "unknown", ""
	if !r.Capture.Time.IsZero() {
		at, ago = l.stamp(r.Capture.Time), since(r.Capture.Time, l.options.Now)
	}
	answer := v.Out.Dim("none")
	if r.Answer.Status != 0 {
		answer = v.statusCode(r.Answer.Status)
	}
	cells := []string{v.Out.Dim(at), v.Out.Dim(ago), v.signatureWord(r.Signature), answer}
	event := v.Out.Bold(ui.SanitizeLine(named(r.EventType), 80))
	if !v.isNarrow() || v.isSlim() {
		event += " " + v.eventID(r.EventID)
	}
	if remarks := v.recordRemarks(r); remarks != "" {
		event += "  " + remarks
	}
	if l.options.Search == "" {
		return append(cells, event)
	}
	return append(cells, event, v.match(r, l.options.Search))
}

// isNarrow tells a terminal on which there is no room for all.
func (v *View) isNarrow() bool { return v.Out.IsTTY() && v.Out.Width() < wideEnough }

// isSlim tells a terminal on which no table has room.
func (v *View) isSlim() bool { return v.Out.IsTTY() && v.Out.Width() < tableWidth }

// slim sets the cells of a row one below the other: when it was, what came of it, which event.
func (l *Records) slim(id string, cells []string) string {
	when := strings.Join([]string{id, cells[0], cells[1]}, "  ")
	wrapped := func(text string) string { return ui.Wrap(text, 2, l.view.Out.Width()) }
	return strings.TrimRight(when, " ") + "\n" + wrapped("signature "+cells[2]+", answer "+cells[3]) + "\n" +
		wrapped(strings.Join(cells[4:], "  ")) + "\n"
}

// stamp is the time of a row; where there is little room, without what goes without saying.
func (l *Records) stamp(at time.Time) string {
	at, now := at.Local(), l.options.Now.Local()
	switch {
	case !l.view.isNarrow():
		return at.Format(stamp)
	case at.Year() == now.Year() && at.YearDay() == now.YearDay():
		return at.Format("15:04:05")
	default:
		return at.Format("01-02 15:04")
	}
}

func (v *View) recordRemarks(r history.Record) string {
	var words []string
	if r.Source != history.SourceListen {
		words = append(words, v.Out.Dim(ui.SanitizeLine(string(r.Source), 20)))
	}
	if r.Duplicate {
		words = append(words, v.Out.Warn("seen before"))
	}
	if len(r.Drift) > 0 {
		words = append(words, v.Out.Warn("drift"))
	}
	return strings.Join(words, ", ")
}

func (v *View) signatureWord(s history.Signature) string {
	word := ui.SanitizeLine(string(s), 20)
	switch s {
	case history.SignatureValid:
		return v.Out.Good(word)
	case history.SignatureUnverified, "":
		return v.Out.Warn(word)
	default:
		return v.Out.Bad(word)
	}
}

func (v *View) statusCode(code int) string {
	text := strconv.Itoa(code)
	if code/100 == 2 {
		return v.Out.Good(text)
	}
	return v.Out.Bad(text)
}

// match shows where a text occurs first: in the body, or else in a line of the header.
func (v *View) match(r history.Record, text string) string {
	if at := strings.Index(string(r.Capture.Body), text); at >= 0 {
		return v.excerpt(string(r.Capture.Body), at, len(text))
	}
	for _, field := range r.Capture.Header {
		line := field.Name + ": " + field.Value
		if at := strings.Index(line, text); at >= 0 {
			return v.excerpt(line, at, len(text))
		}
	}
	return ""
}

func (v *View) excerpt(text string, at, length int) string {
	end := min(at+length, at+shownAnswer)
	before := text[max(0, at-matchContext):at]
	after := text[end:min(len(text), end+matchContext)]
	return ui.SanitizeLine(strings.ToValidUTF8(before, ""), 2*matchContext) +
		v.Out.Bold(ui.SanitizeLine(text[at:end], shownAnswer)) + ui.SanitizeLine(strings.ToValidUTF8(after, ""), 2*matchContext)
}

// since words how long ago something was, by its largest unit.
func since(at, now time.Time) string {
	if at.After(now) {
		return agoOf(at, now)
	}
	words := strings.Fields(spell(now.Sub(at)))
	if len(words) == 4 {
		words = words[:2]
	}
	return strings.Join(words, " ")
}
