package view

import (
	"fmt"
	"strings"
)

// Verdicts is the score of several verdicts.
type Verdicts struct {
	Valid, Invalid, OutsideTime, Unread int

	Unsigned    int  // of the invalid, those without a signature header
	Proven      int  // of the invalid, those whose cause is proven
	Foreign     int  // requests of a log that are no deliveries
	Skipped     int  // records of NDJSON that are no requests
	Unexplained int  // invalid, and no cause was searched for
	Dated       bool // one outside the tolerance says when it arrived
}

// Add counts one verdict.
func (s *Verdicts) Add(d Verdict) {
	switch d.outcome() {
	case outcomeValid:
		s.Valid++
	case outcomeStale, outcomeFuture:
		s.OutsideTime++
		s.Dated = s.Dated || !d.Request.Time.IsZero() && !d.AsReceived
	default:
		s.Invalid++
		if d.outcome() == outcomeUnsigned {
			s.Unsigned++
		}
		if d.Report != nil && d.Report.Proven != nil {
			s.Proven++
		}
		if d.Report == nil && d.outcome() == outcomeInvalid {
			s.Unexplained++
		}
	}
}

// Total is how many were judged.
func (s Verdicts) Total() int { return s.Valid + s.Invalid + s.OutsideTime }

// Verdicts shows the last line of several.
func (v *View) Verdicts(s Verdicts) error {
	if v.JSON {
		return emit(v.Out, struct {
			Kind        string `json:"kind"`
			Total       int    `json:"total"`
			Valid       int    `json:"valid"`
			Invalid     int    `json:"invalid"`
			OutsideTime int    `json:"outsideTime"`
			Unread      int    `json:"unread"`
			Foreign     int    `json:"unsignedSkipped"`
			Skipped     int    `json:"recordsSkipped"`
		}{"verdict_summary", s.Total(), s.Valid, s.Invalid, s.OutsideTime, s.Unread, s.Foreign, s.Skipped})
	}
	parts := []string{v.Out.Good(fmt.Sprintf("%d valid", s.Valid))}
	for _, part := range []struct {
		n    int
		what string
	}{{s.Invalid, "invalid"}, {s.OutsideTime, "outside tolerance"}, {s.Unread, "not judged"}} {
		if part.n > 0 {
			parts = append(parts, v.Out.Bad(fmt.Sprintf("%d %s", part.n, part.what)))
		}
	}
	if s.Foreign > 0 {
		parts = append(parts, fmt.Sprintf("%d other requests of the log skipped", s.Foreign))
	}
	_, err := fmt.Fprintf(v.Out, "\n%d verified: %s\n", s.Total(), strings.Join(parts, ", "))
	return err
}
