package view

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

const (
	stamp         = "2006-01-02 15:04:05"
	wideEnough    = 120 // columns, for a list that shows the ids of events too
	matchContext  = 24  // bytes shown before and behind a text that was searched for
	shortestIDLen = 14  // characters of a record's id that a list shows at least: its millisecond and some chance
)

// RecordsOptions say how records are listed.
type RecordsOptions struct {
	Now      time.Time // for how long ago
	Search   string    // show where this text occurs
	PageRows int       // are laid out at once
}

// Records is a list of records under way: one object a line as JSON, a table by pages as text.
type Records struct {
	view    *View
	options RecordsOptions
	rows    []recordRow
	shown   int
}

type recordRow struct {
	id    string
	cells []string
}

// Records begins a list of records.
func (v *View) Records(o RecordsOptions) *Records { return &Records{view: v, options: o} }

// Len is how many records were added.
func (l *Records) Len() int { return l.shown + len(l.rows) }

// Add shows a record, at once or with its page. Nothing of it is kept but the row.
func (l *Records) Add(r history.Record) error {
	if l.view.JSON {
		l.shown++
		return emit(l.view.Out, newRecord(r))
	}
	l.rows = append(l.rows, recordRow{r.ID, l.cells(r)})
	if len(l.rows) < l.options.PageRows {
		return nil
	}
	return l.page()
}

// Close shows what is left; more tells that older records would fit too.
func (l *Records) Close(more bool) error {
	if err := l.page(); err != nil {
		return err
	}
	switch {
	case l.shown == 0:
		l.view.Note("no record fits")
	case more:
		l.view.Note("there are older ones; --limit N shows more, --limit 0 all")
	}
	return nil
}

func (l *Records) page() error {
	if len(l.rows) == 0 {
		return nil
	}
	headers := []string{"ID", "RECEIVED", "AGO", "SIGNATURE", "ANSWER", "EVENT"}
	if l.options.Search != "" {
		headers = append(headers, "FOUND")
	}
	if l.shown > 0 {
		headers = nil
	}
	short := shortIDs(l.rows)
	rows := make([][]string, len(l.rows))
	for i, row := range l.rows {
		rows[i] = append([]string{l.view.Out.Accent(short[i])}, row.cells...)
	}
	l.shown += len(l.rows)
	l.rows = l.rows[:0]
	_, err := fmt.Fprint(l.view.Out, l.view.Out.Table(headers, rows))
	return err
}

// cells are those of a row behind its id.
func (l *Records) cells(r history.Record) []string {
	v := l.view
	at, ago := "unknown", ""
	if !r.Capture.Time.IsZero() {
		at, ago = r.Capture.Time.Local().Format(stamp), since(r.Capture.Time, l.options.Now)
	}
	answer := v.Out.Dim("none")
	if r.Answer.Status != 0 {
		answer = v.statusCode(r.Answer.Status)
	}
	cells := []string{v.Out.Dim(at), v.Out.Dim(ago), v.signatureWord(r.Signature), answer}
	event := v.Out.Bold(ui.SanitizeLine(named(r.EventType), 80))
	if !v.Out.IsTTY() || v.Out.Width() >= wideEnough {
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

// shortIDs are the beginnings of ids by which each can be told from its neighbours; rows are in the order of their ids, so
// no other of the page is nearer.
func shortIDs(rows []recordRow) []string {
	short := make([]string, len(rows))
	for i, row := range rows {
		length := shortestIDLen
		if i > 0 {
			length = max(length, common(row.id, rows[i-1].id)+1)
		}
		if i+1 < len(rows) {
			length = max(length, common(row.id, rows[i+1].id)+1)
		}
		short[i] = row.id[:min(length, len(row.id))]
	}
	return short
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
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
