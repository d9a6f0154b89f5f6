package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// Comparison is what two records differ in.
type Comparison struct {
	Before, After history.Record
	event.Comparison

	Now time.Time
}

// shownValue is how much of a value a line shows, in characters.
const shownValue = 100

type differenceRow struct {
	Kind   string          `json:"kind"`
	Path   string          `json:"path"`
	Change event.Change    `json:"change"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

type differencesRow struct {
	Kind      string `json:"kind"`
	Before    string `json:"before"`
	After     string `json:"after"`
	Changed   int    `json:"changed"`
	Added     int    `json:"added"`
	Removed   int    `json:"removed"`
	More      bool   `json:"more,omitempty"`
	SameBytes bool   `json:"sameBytes"`
}

// Comparison shows each difference on a line of its own, and sums up.
func (v *View) Comparison(c Comparison) error {
	sum := differencesRow{
		Kind: "difference_summary", Before: c.Before.ID, After: c.After.ID, More: c.More,
		SameBytes: bytes.Equal(c.Before.Capture.Body, c.After.Capture.Body),
	}
	for _, d := range c.Differences {
		*map[event.Change]*int{event.Changed: &sum.Changed, event.Added: &sum.Added, event.Removed: &sum.Removed}[d.Change]++
	}
	if v.JSON {
		for _, d := range c.Differences {
			row := differenceRow{"difference", d.Path, d.Change, json.RawMessage(d.Before), json.RawMessage(d.After)}
			if err := emit(v.Out, row); err != nil {
				return err
			}
		}
		return emit(v.Out, sum)
	}
	var rows [][]string
	for _, d := range c.Differences {
		rows = append(rows, v.difference(d))
	}
	_, err := fmt.Fprintf(v.Out, "%s\n%s\n%s\n%s\n", v.compared(v.Out.Bad("---"), c.Before, c.Now), v.compared(v.Out.Good("+++"), c.After, c.Now),
		v.Out.Table(nil, rows), sum.sentence())
	return err
}

func (v *View) compared(mark string, r history.Record, now time.Time) string {
	line := fmt.Sprintf("%s %s  %s %s", mark, v.Out.Accent(r.ID), v.Out.Bold(ui.SanitizeLine(named(r.EventType), 80)), v.eventID(r.EventID))
	if r.Capture.Time.IsZero() {
		return line
	}
	return line + v.Out.Dim(fmt.Sprintf("  %s, %s", r.Capture.Time.Local().Format(stamp), agoOf(r.Capture.Time, now)))
}

func (v *View) difference(d event.Difference) []string {
	path := ui.SanitizeLine(d.Path, 200)
	if path == "" {
		path = "(the body)"
	}
	before, after := ui.SanitizeLine(d.Before, shownValue), ui.SanitizeLine(d.After, shownValue)
	switch d.Change {
	case event.Added:
		return []string{v.Out.Good("+"), path, v.Out.Good(after)}
	case event.Removed:
		return []string{v.Out.Bad("-"), path, v.Out.Bad(before)}
	default:
		return []string{v.Out.Warn("~"), path, v.Out.Bad(before) + v.Out.Dim(" is now ") + v.Out.Good(after)}
	}
}

func (d differencesRow) sentence() string {
	switch {
	case d.SameBytes:
		return "the bodies are the same, byte for byte"
	case d.Changed+d.Added+d.Removed == 0:
		return "the values are the same; the bodies differ in spacing, order or spelling alone"
	case d.More:
		return fmt.Sprintf("the first %d differences; there are more", d.Changed+d.Added+d.Removed)
	default:
		return fmt.Sprintf("%d changed, %d added, %d removed", d.Changed, d.Added, d.Removed)
	}
}
