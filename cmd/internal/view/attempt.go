package view

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// shownAnswer is how much of an endpoint's answer a line shows.
const shownAnswer = 200

// attempt is what a program reads of one attempt.
type attempt struct {
	Kind     string    `json:"kind"`
	Time     time.Time `json:"time"`
	ID       string    `json:"id,omitempty"`
	Type     string    `json:"type,omitempty"`
	Attempt  int       `json:"attempt"`
	URL      string    `json:"url"`
	Status   int       `json:"status,omitempty"`
	Duration float64   `json:"durationMs"`
	OK       bool      `json:"ok"`
	Slow     bool      `json:"slow,omitempty"`
	Error    string    `json:"error,omitempty"`
	Answer   string    `json:"answer,omitempty"`
	Request  *wire     `json:"request,omitempty"`
	RetryIn  float64   `json:"retryInMs,omitempty"` // by the schedule, before --time-scale
}

// wire is a request as it was sent, for --verbose.
type wire struct {
	Headers [][2]string `json:"headers"`
	Body    string      `json:"body"`
}

// Sending shows the line of a request as it leaves, so that nobody waits before an empty screen. A program reads of the
// request and its answer in one.
func (v *View) Sending(m delivery.Message, a delivery.Attempt) error {
	if v.JSON {
		return nil
	}
	var text strings.Builder
	arrow := v.Out.Arrow("-->")
	if a.Number > 1 {
		arrow += v.Out.Dim(fmt.Sprintf(" attempt %d", a.Number))
	}
	fmt.Fprintf(&text, "%s  %s %s %s  %s %s\n", v.Out.Dim(a.Started.Local().Format(clock)), arrow,
		v.Out.Bold(ui.Sanitize(named(m.Type))), v.eventID(m.ID), a.Request.Method, ui.Sanitize(a.Request.URL))
	if v.Verbose {
		text.WriteString(v.request(a.Request))
	}
	_, err := fmt.Fprint(v.Out, text.String())
	return err
}

// Attempt shows the line of what came of an attempt, below the one of [View.Sending].
func (v *View) Attempt(m delivery.Message, a delivery.Attempt) error {
	if v.JSON {
		return emit(v.Out, v.attemptRecord(m, a))
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s  %s %s\n", v.Out.Dim(a.Started.Add(a.Duration).Local().Format(clock)), v.Out.Arrow("<--"), v.answer(m, a))
	if v.Verbose {
		text.WriteString(v.wholeAnswer(a))
	}
	if a.Next != nil {
		text.WriteString(v.nextAttempt(a))
	}
	_, err := fmt.Fprint(v.Out, text.String())
	return err
}

// nextAttempt says when the next attempt follows, and how long that is at the run's time scale.
func (v *View) nextAttempt(a delivery.Attempt) string {
	delay := a.Next.Delay
	if delay > time.Second {
		delay = delay.Round(time.Second)
	}
	line := fmt.Sprintf("attempt %d in %s", a.Number+1, delay.Round(time.Millisecond))
	if a.Next.RetryAfter {
		line += ", as the endpoint asks"
	}
	return v.Out.Dim("              ... "+line+scaledTo(a.Next.Delay, a.Next.Sleep)) + "\n"
}

// Waiting says that the next event of a scenario follows after a wait, and how long that is at the run's time scale.
func (v *View) Waiting(wait, scaled time.Duration) {
	v.Note("              ... waiting %s%s", wait, scaledTo(wait, scaled))
}

func scaledTo(whole, scaled time.Duration) string {
	if scaled == whole {
		return ""
	}
	return ", scaled to " + elapsed(scaled)
}

func (v *View) attemptRecord(m delivery.Message, a delivery.Attempt) attempt {
	record := attempt{
		Kind: "attempt", Time: a.Started, ID: m.ID, Type: m.Type, Attempt: a.Number, URL: a.Request.URL,
		Status: a.Status, Duration: milliseconds(a.Duration), OK: a.OK(), Slow: a.Slow(), Answer: string(a.Body),
	}
	if a.Err != nil {
		record.Error = a.Err.Error()
	}
	if a.Next != nil {
		record.RetryIn = milliseconds(a.Next.Delay)
	}
	if v.Verbose {
		record.Request = wireRecord(a.Request)
	}
	return record
}

func wireRecord(r capture.Request) *wire {
	record := &wire{Body: string(r.Body)}
	for _, field := range r.Header {
		record.Headers = append(record.Headers, [2]string{field.Name, field.Value})
	}
	return record
}

// answer is the second line of a pair: status, time taken, id, and on failure what the endpoint said.
func (v *View) answer(m delivery.Message, a delivery.Attempt) string {
	if a.Status == 0 {
		return fmt.Sprintf("%s  %s  %s", v.Out.Bad("no answer"), elapsed(a.Duration), v.eventID(m.ID))
	}
	status := v.status(a.Status)
	if a.Status/100 == 2 && !a.OK() {
		status = v.Out.Bad(statusText(a.Status) + ", cut short")
	}
	line := fmt.Sprintf("%s  %s  %s", status, elapsed(a.Duration), v.eventID(m.ID))
	if a.Slow() {
		line += "  " + v.Out.Warn("slow: Pocketbook wants an answer within 5 s")
	}
	if location := a.Header.Get("Location"); location != "" && a.Status/100 == 3 {
		line += "  " + v.Out.Dim("to ") + ui.SanitizeLine(location, shownAnswer) + v.Out.Dim(" (not followed)")
	}
	if body := ui.SanitizeLine(string(a.Body), shownAnswer); body != "" && !a.OK() && !v.Verbose {
		line += "  " + body
	}
	return line
}

func (v *View) status(code int) string {
	if code/100 == 2 {
		return v.Out.Good(statusText(code))
	}
	return v.Out.Bad(statusText(code))
}

func statusText(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

// wholeAnswer is the header of an answer and as much of its body as was kept.
func (v *View) wholeAnswer(a delivery.Attempt) string {
	text := v.headerLines(capture.Fields(a.Header))
	if len(a.Body) > 0 {
		text += indent(v.Out.JSON(a.Body)) + "\n"
	}
	if a.BodyTruncated {
		text += v.Out.Dim("  … the rest was not kept") + "\n"
	}
	return text
}

func (v *View) eventID(id string) string {
	if id == "" {
		return v.Out.Dim("[no id]")
	}
	return v.Out.Dim("[" + ui.SanitizeLine(id, 80) + "]")
}

func named(eventType string) string {
	if eventType == "" {
		return "(no type)"
	}
	return eventType
}

func (v *View) request(r capture.Request) string {
	return v.headerLines(r.Header) + indent(v.Out.JSON(r.Body)) + "\n"
}

func (v *View) headerLines(fields []capture.Field) string {
	var text strings.Builder
	for _, field := range fields {
		fmt.Fprintf(&text, "  %s %s\n", v.Out.Accent(ui.Sanitize(field.Name)+":"), ui.Sanitize(field.Value))
	}
	return text.String()
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
