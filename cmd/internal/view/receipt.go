package view

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
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

// Reception is one received request and all that came of it.
type Reception struct {
	receiver.Receipt

	RecordID string // in the history; empty if it is not kept
	Filtered bool   // not one of the events that are shown and handed on
	Played   bool   // answered as a bad endpoint would, because somebody wanted that
	// Tunnelled tells that it came in at a public URL.
	Tunnelled bool
	Answers   []forward.Answer // of the servers behind that had answered before the sender was
}

// Verdict is the one word for what was found of the signature.
func (r Reception) Verdict() string { return string(receiptVerdict(r.Receipt)) }

// Arrived shows what was received, before it is answered. A program reads all of it at once, from [View.Answered].
func (v *View) Arrived(r Reception, show Show) error {
	if v.JSON {
		return nil
	}
	var text strings.Builder
	if show != ShowData {
		fmt.Fprintf(&text, "%s  %s %s %s  %s %s\n", v.Out.Dim(r.Request.Time.Local().Format(clock)), v.Out.Arrow("-->"),
			v.Out.Bold(ui.SanitizeLine(named(string(r.Event.Type)), 80)), v.eventID(r.Event.ID), ui.SanitizeLine(r.Request.Method, 20),
			ui.SanitizeLine(r.Request.URL, 200))
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

// Answered shows what a request was answered; as JSON it shows the request itself, which verify reads back, and what was
// found of it.
func (v *View) Answered(r Reception, show Show) error {
	if v.JSON {
		return v.receptionLines(r)
	}
	if show == ShowData {
		return nil
	}
	at := r.Request.Time.Add(r.Duration)
	var text strings.Builder
	fmt.Fprintf(&text, "%s  %s %s  %s  %s  %s", v.Out.Dim(at.Local().Format(clock)), v.Out.Arrow("<--"), v.status(r.Status),
		elapsed(r.Duration), v.eventID(r.Event.ID), v.found(r.Receipt))
	if r.Played {
		text.WriteString(", " + v.Out.Warn("played"))
	}
	for _, answer := range r.Answers {
		text.WriteString(v.beside(answer))
	}
	_, err := fmt.Fprintln(v.Out, text.String())
	return err
}

// Details shows all that there is to say of one request.
func (v *View) Details(r Reception) error {
	if err := v.Arrived(r, ShowHeaders); err != nil {
		return err
	}
	if err := v.Answered(r, ShowHeaders); err != nil {
		return err
	}
	var text strings.Builder
	text.WriteString(v.headerLines(r.Header))
	if len(r.Answer) > 0 {
		text.WriteString(indent(v.Out.JSON(r.Answer)) + "\n")
	}
	if r.RecordID != "" {
		fmt.Fprintf(&text, "  %s\n", v.Out.Dim("kept as "+r.RecordID+"; pbhook history show "+r.RecordID))
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
	if r.Status == http.StatusNotFound && !r.Judged {
		words = append(words, "another path")
	}
	if r.Duplicate {
		words = append(words, v.Out.Warn("seen before"))
	}
	for _, err := range []error{bodyProblem(r.BodyErr), r.VerifyErr, r.DecodeErr} {
		if err != nil {
			words = append(words, hideSecrets(ui.SanitizeLine(err.Error(), shownAnswer)))
			break
		}
	}
	return strings.Join(words, ", ")
}

// bodyProblem says in words of our own why there is no body.
func bodyProblem(err error) error {
	var network net.Error
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &large):
		return fmt.Errorf("the body is larger than %d bytes", large.Limit)
	case errors.As(err, &network) && network.Timeout():
		return errors.New("the body came too slowly")
	default:
		return errors.New("the body broke off")
	}
}

const outcomeUnverified outcome = "unverified"

func receiptVerdict(r receiver.Receipt) outcome {
	switch {
	case !r.Judged:
		return outcomeStrict
	case !r.Verified && r.VerifyErr == nil:
		return outcomeUnverified
	}
	return Verdict{Err: r.VerifyErr}.outcome()
}
