package view

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// Verdict is what was found of one captured delivery.
type Verdict struct {
	Request     capture.Request
	Result      signature.Result
	Err         error // of the verifier; nil when the delivery is accepted
	Tolerance   time.Duration
	Input       string // file that it was read from
	Number      int    // in that file, from 1
	AsReceived  bool   // it was judged as of its arrival
	TimeIgnored bool   // its age does not count

	Event      event.Event
	DecodeErr  error // the body is no event
	Violations []event.Violation
	Unknown    []string

	Report *forensics.Report // nil when no cause was searched for
}

// outcome is the one word of a verdict.
type outcome string

const (
	outcomeValid     outcome = "valid"
	outcomeInvalid   outcome = "invalid"
	outcomeStale     outcome = "stale"
	outcomeFuture    outcome = "future"
	outcomeUnsigned  outcome = "unsigned"
	outcomeMalformed outcome = "malformed"
	outcomeStrict    outcome = "refused"
)

func (d Verdict) outcome() outcome {
	switch {
	case d.Err == nil:
		return outcomeValid
	case errors.Is(d.Err, signature.ErrMissingHeader):
		return outcomeUnsigned
	case errors.Is(d.Err, signature.ErrMalformedHeader):
		return outcomeMalformed
	case errors.Is(d.Err, signature.ErrNoMatch):
		return outcomeInvalid
	case errors.Is(d.Err, signature.ErrTooOld):
		return outcomeStale
	case errors.Is(d.Err, signature.ErrInFuture):
		return outcomeFuture
	default:
		return outcomeStrict
	}
}

// Verdict shows one delivery: a line with the verdict, and below it whatever else is to be known.
func (v *View) Verdict(d Verdict) error {
	if v.JSON {
		return emit(v.Out, verdictRecord(d))
	}
	var text strings.Builder
	place := v.Out.Dim(fmt.Sprintf("%s:%d", ui.SanitizeLine(d.Input, 60), d.Number))
	fmt.Fprintf(&text, "%s  %s %s  %s  %s\n", v.outcomeWord(d), v.Out.Bold(ui.SanitizeLine(named(string(d.Event.Type)), 80)),
		v.eventID(d.Event.ID), d.sentence(), place)
	for _, warning := range d.Result.Warnings {
		v.remark(&text, v.Out.Warn("warning"), warning.String())
	}
	if len(d.Result.Ignored) > 0 {
		v.remark(&text, v.Out.Dim("ignored"), "unknown schemes in the header: "+strings.Join(d.Result.Ignored, ", "))
	}
	if d.DecodeErr != nil {
		v.remark(&text, v.Out.Warn("payload"), d.DecodeErr.Error())
	}
	for _, violation := range d.Violations {
		v.remark(&text, v.Out.Warn("schema"), violation.String())
	}
	for _, field := range d.Unknown {
		v.remark(&text, v.Out.Dim("drift"), "new field "+field)
	}
	if d.Report != nil {
		v.cause(&text, d)
	}
	_, err := fmt.Fprint(v.Out, text.String())
	return err
}

func (v *View) outcomeWord(d Verdict) string {
	word := fmt.Sprintf("%-9s", d.outcome())
	if d.Err == nil {
		return v.Out.Good(word)
	}
	return v.Out.Bad(word)
}

func (v *View) remark(text *strings.Builder, label, sentence string) {
	fmt.Fprintf(text, "  %s  %s\n", label, hideSecrets(ui.SanitizeLine(sentence, 400)))
}

// sentence says what holds and what does not; signature and time both.
func (d Verdict) sentence() string {
	r := d.Result
	if r.Line < 0 && d.outcome() == outcomeUnsigned {
		return "there is no signature header"
	}
	var parts []string
	switch {
	case r.SignatureValid:
		parts = append(parts, fmt.Sprintf("signature valid by the %s secret", r.By))
	case d.outcome() == outcomeMalformed:
		return ui.SanitizeLine(d.Err.Error(), 400)
	default:
		parts = append(parts, "no signature matches")
	}
	if !r.Time.IsZero() {
		parts = append(parts, d.age())
	}
	return strings.Join(parts, "; ")
}

func (d Verdict) age() string {
	old := spell(d.Result.Age.Abs()) + " old"
	if d.Result.Age < 0 {
		old = spell(d.Result.Age.Abs()) + " in the future"
	}
	if d.AsReceived {
		old += " on arrival"
	}
	if d.TimeIgnored {
		return old + ", which does not count"
	}
	if d.Result.TimeValid {
		return old
	}
	old += ", outside " + spell(d.Tolerance)
	if d.Result.SignatureValid && !d.AsReceived && !d.Request.Time.IsZero() {
		old += ": pass --at received to judge it as of its arrival"
	} else if d.Result.SignatureValid && !d.AsReceived {
		old += ": pass --at TIME to judge it as of its arrival, or --ignore-time"
	}
	return old
}

const century = 100 * 365 * 24 * time.Hour

// spell writes whole seconds in at most two units: 12 s, 5 m, 3 d 4 h.
func spell(d time.Duration) string {
	if d > century {
		return "over 100 y"
	}
	units := []struct {
		name string
		size time.Duration
	}{{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}
	var parts []string
	for _, unit := range units {
		if n := d / unit.size; n > 0 && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
			d %= unit.size
		} else if len(parts) > 0 {
			break
		}
	}
	if len(parts) == 0 {
		return "0 s"
	}
	return strings.Join(parts, " ")
}
