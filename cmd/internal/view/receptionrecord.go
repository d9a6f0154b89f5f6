package view

import (
	"errors"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// receiptRow is what a program reads of one received request, beside the request.
type receiptRow struct {
	Kind       string       `json:"kind"`
	ID         string       `json:"id,omitempty"`
	Type       string       `json:"type,omitempty"`
	Record     string       `json:"record,omitempty"`
	Verdict    outcome      `json:"verdict"`
	Duplicate  bool         `json:"duplicate,omitempty"`
	Filtered   bool         `json:"filtered,omitempty"`
	Played     bool         `json:"played,omitempty"`
	Violations []string     `json:"violations,omitempty"`
	Drift      []string     `json:"drift,omitempty"`
	Error      string       `json:"error,omitempty"`
	Forwards   []forwardRow `json:"forwards,omitempty"`
	Status     int          `json:"status"`
	Duration   float64      `json:"durationMs"`
}

// forwardRow is what a program reads of one answer of a server behind.
type forwardRow struct {
	Target   string  `json:"target"`
	Status   int     `json:"status,omitempty"`
	Duration float64 `json:"durationMs"`
	Attempts int     `json:"attempts"`
	Fault    string  `json:"fault,omitempty"`
	Error    string  `json:"error,omitempty"`
}

// followedRow is an answer of a server behind that came when the sender had its own.
type followedRow struct {
	Kind   string `json:"kind"`
	ID     string `json:"id,omitempty"`
	Record string `json:"record,omitempty"`
	forwardRow
}

func (v *View) receptionLines(r Reception) error {
	if err := capture.WriteNDJSON(v.Exact(), r.Request); err != nil {
		return err
	}
	row := receiptRow{
		Kind: "receipt", ID: r.Event.ID, Type: string(r.Event.Type), Record: r.RecordID, Verdict: receiptVerdict(r.Receipt),
		Duplicate: r.Duplicate, Filtered: r.Filtered, Played: r.Played, Drift: r.Unknown, Status: r.Status, Duration: milliseconds(r.Duration),
	}
	if err := errors.Join(bodyProblem(r.BodyErr), r.VerifyErr, r.DecodeErr); err != nil {
		row.Error = hideSecrets(err.Error())
	}
	for _, violation := range r.Violations {
		row.Violations = append(row.Violations, violation.String())
	}
	for _, answer := range r.Answers {
		row.Forwards = append(row.Forwards, forwardRecord(answer))
	}
	return emit(v.Out, row)
}

func forwardRecord(a forward.Answer) forwardRow {
	row := forwardRow{Target: a.Target, Status: a.Status, Duration: milliseconds(a.Duration), Attempts: a.Attempts, Fault: a.Fault}
	if a.Err != nil {
		row.Error = hideSecrets(a.Err.Error())
	}
	return row
}
