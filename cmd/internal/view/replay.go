package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// Replay is one event that was sent once more, and what it was before.
type Replay struct {
	Message  delivery.Message
	Attempt  delivery.Attempt
	Original history.Record // without an ID if it is of a file
	Record   string         // id under which the replay is kept; empty if it is not
	Raw      bool           // the signature is that of the original
	Now      time.Time
}

// replayRow is what a program reads of a replay: an attempt, and what it repeats.
type replayRow struct {
	attempt

	Record   string       `json:"record,omitempty"`
	ReplayOf string       `json:"replayOf,omitempty"`
	Raw      bool         `json:"raw"`
	Original *originalRow `json:"original,omitempty"`
}

type originalRow struct {
	Time     time.Time `json:"time,omitzero"`
	Status   int       `json:"status,omitempty"`
	Duration float64   `json:"durationMs,omitempty"`
}

// Replay shows what came of an attempt, and below it what the original was answered.
func (v *View) Replay(r Replay) error {
	if v.JSON {
		row := replayRow{attempt: v.attemptRecord(r.Message, r.Attempt), Record: r.Record, ReplayOf: r.Original.ID, Raw: r.Raw}
		row.Kind = "replay"
		if r.Original.ID != "" {
			row.Original = &originalRow{r.Original.Capture.Time, r.Original.Answer.Status, milliseconds(r.Original.Answer.Duration)}
		}
		return emit(v.Out, row)
	}
	if err := v.Attempt(r.Message, r.Attempt); err != nil || r.Original.ID == "" {
		return err
	}
	words := []string{v.Out.Dim("captured")}
	if answer := r.Original.Answer; answer.Status != 0 {
		words = []string{v.status(answer.Status), elapsed(answer.Duration)}
	}
	if at := r.Original.Capture.Time; !at.IsZero() {
		words = append(words, v.Out.Dim(at.Local().Format(stamp)+", "+agoOf(at, r.Now)))
	}
	_, err := fmt.Fprintf(v.Out, "%s%s\n", v.Out.Dim("              was "), strings.Join(words, "  "))
	return err
}
