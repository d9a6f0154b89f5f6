package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// Receipts is the score of the requests that were received.
type Receipts struct {
	Received, Valid, Unverified, Refused, Duplicates int
	Filtered                                         int // counted, but neither shown nor forwarded
	Forwarded, Unforwarded                           int // taken by the server behind, and not
	Postponed                                        int // not taken, to be delivered again

	durations []time.Duration // of the latest requests
}

// recentReceipts bounds what the percentile is taken of.
const recentReceipts = 10_000

// Add counts one request.
func (s *Receipts) Add(r Reception) {
	s.Received++
	switch receiptVerdict(r.Receipt) {
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
	if r.Filtered {
		s.Filtered++
	}
	if r.Postponed() {
		s.Postponed++
	}
	s.AddAnswers(r.Answers)
	if len(s.durations) < recentReceipts {
		s.durations = append(s.durations, r.Duration)
	} else {
		s.durations[s.Received%recentReceipts] = r.Duration
	}
}

// AddAnswers counts what the first server behind answered; a second sending of a delivery does not count.
func (s *Receipts) AddAnswers(answers []forward.Answer) {
	switch {
	case len(answers) == 0:
	case answers[0].OK():
		s.Forwarded++
	default:
		s.Unforwarded++
	}
}

// Receipts shows the last line of listening.
func (v *View) Receipts(s Receipts) error {
	p95 := percentile95(s.durations)
	if v.JSON {
		return emit(v.Out, struct {
			Kind        string  `json:"kind"`
			Received    int     `json:"received"`
			Valid       int     `json:"valid"`
			Unverified  int     `json:"unverified"`
			Refused     int     `json:"refused"`
			Duplicates  int     `json:"duplicates"`
			Filtered    int     `json:"filtered"`
			Forwarded   int     `json:"forwarded"`
			Unforwarded int     `json:"unforwarded"`
			Postponed   int     `json:"postponed"`
			P95         float64 `json:"p95Ms"`
		}{
			"receipt_summary", s.Received, s.Valid, s.Unverified, s.Refused, s.Duplicates, s.Filtered, s.Forwarded, s.Unforwarded,
			s.Postponed, milliseconds(p95),
		})
	}
	var rest strings.Builder
	for _, count := range []struct {
		number int
		words  string
	}{
		{s.Forwarded, "forwarded"}, {s.Unforwarded, "not taken by the server behind"}, {s.Filtered, "filtered out"},
		{s.Postponed, "postponed"},
	} {
		if count.number > 0 {
			fmt.Fprintf(&rest, ", %d %s", count.number, count.words)
		}
	}
	_, err := fmt.Fprintf(v.Out, "\n%d received: %d valid, %d unverified, %d refused, %d seen before%s, p95 %s\n",
		s.Received, s.Valid, s.Unverified, s.Refused, s.Duplicates, rest.String(), elapsed(p95))
	return err
}
