package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// record is what a program reads of a record of the history, beside the request itself.
type record struct {
	Kind      string            `json:"kind"`
	ID        string            `json:"id"`
	Time      time.Time         `json:"time,omitzero"`
	EventID   string            `json:"eventId,omitempty"`
	Type      string            `json:"type,omitempty"`
	Signature history.Signature `json:"signature,omitempty"`
	Duplicate bool              `json:"duplicate,omitempty"`
	Drift     []string          `json:"drift,omitempty"`
	Source    history.Source    `json:"source,omitempty"`
	ReplayOf  string            `json:"replayOf,omitempty"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Bytes     int               `json:"bytes"`
	LostBody  string            `json:"lostBody,omitempty"` // why the body was not kept
	Status    int               `json:"status,omitempty"`
	Duration  float64           `json:"durationMs,omitempty"`
	Answer    *recordedAnswer   `json:"answer,omitempty"` // of one record that is shown, not of a list
	Forwards  []recordedForward `json:"forwards,omitempty"`
}

type recordedAnswer struct {
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"`
}

type recordedForward struct {
	Target   string  `json:"target"`
	Attempt  int     `json:"attempt"`
	Status   int     `json:"status,omitempty"`
	Duration float64 `json:"durationMs"`
	Error    string  `json:"error,omitempty"`
}

func newRecord(r history.Record) record {
	row := record{
		Kind: "record", ID: r.ID, Time: r.Capture.Time, EventID: r.EventID, Type: r.EventType, Signature: r.Signature,
		Duplicate: r.Duplicate, Drift: r.Drift, Source: r.Source, ReplayOf: r.ReplayOf, Method: r.Capture.Method, URL: r.Capture.URL,
		Bytes: len(r.Capture.Body), LostBody: r.LostBody(), Status: r.Answer.Status, Duration: milliseconds(r.Answer.Duration),
	}
	for _, f := range r.Forwards {
		row.Forwards = append(row.Forwards, recordedForward{f.Target, f.Attempt, f.Status, milliseconds(f.Duration), f.Error})
	}
	return row
}

// Record shows all of one record. As JSON it is two lines: the request, which other verbs read back, and what was learnt of it.
func (v *View) Record(r history.Record, now time.Time) error {
	if v.JSON {
		return v.recordLines(r)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s %s\n", v.Out.Bold(ui.SanitizeLine(named(r.EventType), 80)), v.eventID(r.EventID))
	text.WriteString(v.Out.Table(nil, v.recordFacts(r, now)))
	fmt.Fprintf(&text, "\n%s %s  %s\n", v.Out.Bold(ui.SanitizeLine(r.Capture.Method, 20)), ui.Sanitize(r.Capture.URL), v.Out.Dim(ui.SanitizeLine(r.Capture.Proto, 20)))
	text.WriteString(v.headerLines(r.Capture.Header))
	if lost := r.LostBody(); lost != "" {
		text.WriteString("  " + v.Out.Warn("the body "+lost+" and was not kept") + "\n")
	}
	if len(r.Capture.Body) > 0 {
		text.WriteString(indent(v.Out.JSON(r.Capture.Body)) + "\n")
	}
	if r.Answer.Status != 0 {
		fmt.Fprintf(&text, "\n%s %s  %s\n", v.Out.Arrow("<--"), v.status(r.Answer.Status), elapsed(r.Answer.Duration))
		text.WriteString(v.headerLines(r.Answer.Header))
		if len(r.Answer.Body) > 0 {
			text.WriteString(indent(v.Out.JSON(r.Answer.Body)) + "\n")
		}
	}
	for i, forward := range r.Forwards {
		if i == 0 {
			text.WriteByte('\n')
		}
		text.WriteString(v.forwarded(forward))
	}
	_, err := fmt.Fprint(v.Out, text.String())
	return err
}

func (v *View) recordLines(r history.Record) error {
	if err := capture.WriteNDJSON(v.Exact(), r.Capture); err != nil {
		return err
	}
	row := newRecord(r)
	if r.Answer.Status != 0 {
		row.Answer = &recordedAnswer{Headers: [][2]string{}, Body: string(r.Answer.Body)}
		for _, field := range r.Answer.Header {
			row.Answer.Headers = append(row.Answer.Headers, [2]string{field.Name, field.Value})
		}
	}
	return emit(v.Out, row)
}

func (v *View) recordFacts(r history.Record, now time.Time) [][]string {
	at := "unknown"
	if !r.Capture.Time.IsZero() {
		at = r.Capture.Time.Local().Format(stamp+".000 -07:00") + v.Out.Dim("  "+agoOf(r.Capture.Time, now))
	}
	from := ui.SanitizeLine(string(r.Source), 20)
	if r.Capture.RemoteAddr != "" {
		from += v.Out.Dim("  from " + ui.SanitizeLine(r.Capture.RemoteAddr, 60))
	}
	facts := [][]string{
		{v.Out.Dim("record"), r.ID},
		{v.Out.Dim("received"), at},
		{v.Out.Dim("source"), from},
		{v.Out.Dim("signature"), v.signatureWord(r.Signature)},
	}
	if r.Duplicate {
		facts = append(facts, []string{v.Out.Dim("duplicate"), v.Out.Warn("the event was seen before")})
	}
	for _, drift := range r.Drift {
		facts = append(facts, []string{v.Out.Dim("drift"), ui.SanitizeLine(drift, 400)})
	}
	if r.ReplayOf != "" {
		facts = append(facts, []string{v.Out.Dim("replay of"), ui.SanitizeLine(r.ReplayOf, 40)})
	}
	return facts
}

func (v *View) forwarded(f history.Forward) string {
	came := v.Out.Bad("no answer")
	if f.Status != 0 {
		came = v.status(f.Status)
	}
	line := fmt.Sprintf("%s %s  %s  %s", v.Out.Arrow("==>"), ui.SanitizeLine(f.Target, 200), came, elapsed(f.Duration))
	if f.Attempt > 1 {
		line += v.Out.Dim(fmt.Sprintf("  attempt %d", f.Attempt))
	}
	if f.Error != "" {
		line += "  " + hideSecrets(ui.SanitizeLine(f.Error, 400))
	}
	return line + "\n"
}

// agoOf words how far a time is from now.
func agoOf(at, now time.Time) string {
	if at.After(now) {
		return "in " + spell(at.Sub(now))
	}
	return spell(now.Sub(at)) + " ago"
}
