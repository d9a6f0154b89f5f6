package view

import (
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
)

// verdictRow is what a program reads of one verdict.
type verdictRow struct {
	Kind           string     `json:"kind"`
	File           string     `json:"file"`
	Number         int        `json:"number"`
	ID             string     `json:"id,omitempty"`
	Type           string     `json:"type,omitempty"`
	Verdict        outcome    `json:"verdict"`
	Accepted       bool       `json:"accepted"`
	SignatureValid bool       `json:"signatureValid"`
	TimeValid      bool       `json:"timeValid"`
	By             string     `json:"by"`
	Time           *time.Time `json:"time,omitempty"`
	Age            float64    `json:"ageMs"`
	Error          string     `json:"error,omitempty"`
	Warnings       []string   `json:"warnings,omitempty"`
	Ignored        []string   `json:"ignored,omitempty"`
	Payload        string     `json:"payload,omitempty"`
	Violations     []string   `json:"violations,omitempty"`
	Drift          []string   `json:"drift,omitempty"`
	Cause          *causeRow  `json:"cause,omitempty"`
	Likely         []causeRow `json:"likely,omitempty"`
	Tried          int        `json:"tried,omitempty"`
	Cut            bool       `json:"cut,omitempty"`
	Restricted     bool       `json:"restricted,omitempty"`
	Diff           *diffRow   `json:"diff,omitempty"`
}

type causeRow struct {
	ID    string `json:"id"`
	Cause string `json:"cause"`
	Hint  string `json:"hint,omitempty"`
}

type diffRow struct {
	Offset         int    `json:"offset"`
	Signed         []byte `json:"signedBase64"`
	Received       []byte `json:"receivedBase64"`
	SignedLength   int    `json:"signedLength"`
	ReceivedLength int    `json:"receivedLength"`
}

func verdictRecord(d Verdict) verdictRow {
	row := verdictRow{
		Kind: "verdict", File: d.Input, Number: d.Number, ID: d.Event.ID, Type: string(d.Event.Type), Verdict: d.outcome(), Accepted: d.Err == nil,
		SignatureValid: d.Result.SignatureValid, TimeValid: d.Result.TimeValid, By: d.Result.By.String(),
		Age: milliseconds(d.Result.Age), Ignored: d.Result.Ignored, Drift: d.Unknown,
	}
	if at := d.Result.Time; !at.IsZero() && at.Year() <= 9999 { // RFC 3339 has no more digits
		row.Time = &d.Result.Time
	}
	if d.Err != nil {
		row.Error = d.Err.Error()
	}
	if d.DecodeErr != nil {
		row.Payload = d.DecodeErr.Error()
	}
	for _, warning := range d.Result.Warnings {
		row.Warnings = append(row.Warnings, hideSecrets(warning.String()))
	}
	for _, violation := range d.Violations {
		row.Violations = append(row.Violations, violation.String())
	}
	if d.Report != nil {
		row.explain(d.Report)
	}
	return row
}

func (row *verdictRow) explain(report *forensics.Report) {
	row.Tried, row.Cut, row.Restricted = report.Signatures, report.Cut, report.Restricted
	if found := report.Proven; found != nil {
		row.Cause = &causeRow{ID: found.ID, Cause: found.Cause, Hint: found.Hint}
	}
	for _, likely := range report.Likely {
		row.Likely = append(row.Likely, causeRow{ID: likely.ID, Cause: likely.Cause, Hint: likely.Hint})
	}
	if diff := report.Diff; diff != nil {
		row.Diff = &diffRow{
			Offset: diff.Offset, Signed: diff.Signed, Received: diff.Received,
			SignedLength: diff.SignedLen, ReceivedLength: diff.ReceivedLen,
		}
	}
}
