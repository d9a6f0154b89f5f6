package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

const (
	stamp         = "2006-01-02 15:04:05"
	shortestIDLen = 14 // characters of a record's id that a list shows at least: its millisecond and some chance
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
	headers := l.fitting([]string{"ID", "RECEIVED", "AGO", "SIGNATURE", "ANSWER", "EVENT"})
	if l.options.Search != "" {
		headers = append(headers, "FOUND")
	}
	if l.shown > 0 {
		headers = nil
	}
	short := shortIDs(l.rows)
	rows := make([][]string, len(l.rows))
	var text strings.Builder
	for i, row := range l.rows {
		id := l.view.Out.Accent(short[i])
		if l.view.isSlim() {
			text.WriteString(l.slim(id, row.cells))
		}
		rows[i] = l.fitting(append([]string{id}, row.cells...))
	}
	l.shown += len(l.rows)
	l.rows = l.rows[:0]
	if text.Len() == 0 {
		text.WriteString(l.view.Out.Table(headers, rows))
	}
	_, err := fmt.Fprint(l.view.Out, text.String())
	return err
}

// fitting leaves out how long ago a record came where there is little room; the time stands beside it.
func (l *Records) fitting(cells []string) []string {
	if !l.view.isNarrow() {
		return cells
	}
	return slices.Delete(cells, 2, 3)
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
