package view

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Show says how much of a received request is shown.
type Show string

// The forms of a received request.
const (
	ShowFull    Show = "full"    // the lines and the body
	ShowData    Show = "data"    // the body alone
	ShowHeaders Show = "headers" // the lines, the headers and the body
	ShowLine    Show = "line"    // the lines alone
)

// ParseShow reads a form, or returns a [*FormatError].
func ParseShow(name string) (Show, error) {
	known := []string{string(ShowFull), string(ShowData), string(ShowHeaders), string(ShowLine)}
	if !slices.Contains(known, name) {
		return "", &FormatError{Name: name, Known: known}
	}
	return Show(name), nil
}

// Ready says where webhooks are received; it is shown once the socket accepts.
func (v *View) Ready(url string, verifying bool) {
	if v.JSON {
		_ = emit(v.Err, struct {
			Kind      string `json:"kind"`
			URL       string `json:"url"`
			Verifying bool   `json:"verifying"`
		}{"ready", url, verifying})
		return
	}
	fmt.Fprintf(v.Err, "%s %s\n", v.Err.Good("ready:"), v.Err.Bold(ui.Sanitize(url)))
	if !verifying {
		v.Warning("there is no signing secret, so everything is accepted unverified; set POCKETBOOK_WEBHOOK_SECRET")
	}
	v.Note("try: pbhook send certificate.minted --to %s", ui.Sanitize(url))
}

// Receipt shows one received request: as JSON the request itself, which verify reads back, and what was found of it.
func (v *View) Receipt(r receiver.Receipt, show Show) error {
	if v.JSON {
		if err := capture.WriteNDJSON(v.Exact(), r.Request); err != nil {
			return err
		}
		return emit(v.Out, receiptRecord(r))
	}
	var text strings.Builder
	if show != ShowData {
		fmt.Fprintf(&text, "%s  %s %s %s  %s %s\n", v.Out.Dim(r.Request.Time.Local().Format(clock)), v.Out.Arrow("-->"),
			v.Out.Bold(ui.SanitizeLine(named(string(r.Event.Type)), 80)), v.eventID(r.Event.ID), ui.SanitizeLine(r.Request.Method, 20),
			ui.SanitizeLine(r.Request.URL, 200))
		fmt.Fprintf(&text, "%s  %s %s  %s  %s  %s\n", v.Out.Dim(r.Request.Time.Add(r.Duration).Local().Format(clock)), v.Out.Arrow("<--"),
			v.status(r.Status), elapsed(r.Duration), v.eventID(r.Event.ID), v.found(r))
	}
	for _, violation := range r.Violations {
		v.remark(&text, v.Out.Warn("schema"), violation.String())
	}
	for _, field := range r.Unknown {
		v.remark(&text, v.Out.Dim("drift"), "new field "+field)
	}
	if show == ShowHeaders {
		text.WriteString(v.headerLines(r.Request.Header))
	}
	if show != ShowLine && len(r.Request.Body) > 0 {
		text.WriteString(indent(v.Out.JSON(r.Request.Body)) + "\n")
	}
	_, err := fmt.Fprint(v.Out, text.String())
	return err
}

// found says in a few words what was found of a request.
func (v *View) found(r receiver.Receipt) string {
	var words []string
	switch verdict := receiptVerdict(r); verdict {
	case outcomeValid:
		words = append(words, v.Out.Good("signature valid"))
		if r.Verdict.By == signature.Previous {
			words = append(words, v.Out.Warn("by the previous secret"))
		}
	case outcomeUnverified:
		words = append(words, v.Out.Warn("unverified"))
	default:
		words = append(words, v.Out.Bad(string(verdict)))
	}
	if r.Duplicate {
		words = append(words, v.Out.Warn("seen before"))
	}
	for _, err := range []error{r.BodyErr, r.VerifyErr, r.DecodeErr} {
		if err != nil {
			words = append(words, hideSecrets(ui.SanitizeLine(err.Error(), shownAnswer)))
			break
		}
	}
	return strings.Join(words, ", ")
}

const outcomeUnverified outcome = "unverified"

func receiptVerdict(r receiver.Receipt) outcome {
	switch {
	case r.Status == http.StatusMethodNotAllowed, r.BodyErr != nil:
		return outcomeStrict
	case !r.Verified && r.VerifyErr == nil:
		return outcomeUnverified
	}
	return Verdict{Err: r.VerifyErr}.outcome()
}

// receiptRow is what a program reads of one received request, beside the request.
type receiptRow struct {
	Kind       string   `json:"kind"`
	ID         string   `json:"id,omitempty"`
	Type       string   `json:"type,omitempty"`
	Verdict    outcome  `json:"verdict"`
	Duplicate  bool     `json:"duplicate,omitempty"`
	Violations []string `json:"violations,omitempty"`
	Drift      []string `json:"drift,omitempty"`
	Error      string   `json:"error,omitempty"`
	Status     int      `json:"status"`
	Duration   float64  `json:"durationMs"`
}

func receiptRecord(r receiver.Receipt) receiptRow {
	row := receiptRow{
		Kind: "receipt", ID: r.Event.ID, Type: string(r.Event.Type), Verdict: receiptVerdict(r), Duplicate: r.Duplicate,
		Drift: r.Unknown, Status: r.Status, Duration: milliseconds(r.Duration),
	}
	if err := errors.Join(r.BodyErr, r.VerifyErr, r.DecodeErr); err != nil {
		row.Error = hideSecrets(err.Error())
	}
	for _, violation := range r.Violations {
		row.Violations = append(row.Violations, violation.String())
	}
	return row
}

// Receipts is the score of the requests that were received.
type Receipts struct {
	Received, Valid, Unverified, Refused, Duplicates int

	durations []time.Duration // of the latest requests
}

// recentReceipts bounds what the percentile is taken of.
const recentReceipts = 10_000

// Add counts one request.
func (s *Receipts) Add(r receiver.Receipt) {
	s.Received++
	switch receiptVerdict(r) {
	case outcomeValid:
		s.Valid++
	case outcomeUnverified:
		s.Unverified++
	default:
		s.Refused++
	}
	if r.Duplicate {
		s.Duplicates++
	}
	if len(s.durations) < recentReceipts {
		s.durations = append(s.durations, r.Duration)
	} else {
		s.durations[s.Received%recentReceipts] = r.Duration
	}
}

// Receipts shows the last line of listening.
func (v *View) Receipts(s Receipts) error {
	p95 := percentile95(s.durations)
	if v.JSON {
		return emit(v.Out, struct {
			Kind       string  `json:"kind"`
			Received   int     `json:"received"`
			Valid      int     `json:"valid"`
			Unverified int     `json:"unverified"`
			Refused    int     `json:"refused"`
			Duplicates int     `json:"duplicates"`
			P95        float64 `json:"p95Ms"`
		}{"receipt_summary", s.Received, s.Valid, s.Unverified, s.Refused, s.Duplicates, milliseconds(p95)})
	}
	_, err := fmt.Fprintf(v.Out, "\n%d received: %d valid, %d unverified, %d refused, %d seen before, p95 %s\n",
		s.Received, s.Valid, s.Unverified, s.Refused, s.Duplicates, elapsed(p95))
	return err
}
