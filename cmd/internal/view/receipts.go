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
	Undelivered                                      int // acknowledged, and then not taken by the server behind

	durations []time.Duration // of the latest requests
}

// recentReceipts bounds what the percentile is taken of.
const recentReceipts = 10_000

// Add counts one request.
func (s *Receipts) Add(r Reception) {
	s.Received++
	noEvent := r.DecodeErr != nil && r.Event.Data == nil
	switch verdict := receiptVerdict(r.Receipt); {
	case noEvent:
		s.Refused++
	case verdict == outcomeValid:
		s.Valid++
	case verdict == outcomeUnverified:
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
	if !r.Postponed() {
		s.addAnswers(r.Answers)
	}
	if len(s.durations) < recentReceipts {
		s.durations = append(s.durations, r.Duration)
	} else {
		s.durations[s.Received%recentReceipts] = r.Duration
	}
}

// AddLate counts what the first server behind answered after the sender had been told that the event was taken.
func (s *Receipts) AddLate(answers []forward.Answer) {
	s.addAnswers(answers)
	if len(answers) > 0 && !answers[0].OK() {
		s.Undelivered++
	}
}

// addAnswers counts what the first server behind answered; a second sending of a delivery does not count.
func (s *Receipts) addAnswers(answers []forward.Answer) {
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
			Undelivered int     `json:"acknowledgedButUndelivered"`
			P95         float64 `json:"p95Ms"`
		}{
			"receipt_summary", s.Received, s.Valid, s.Unverified, s.Refused, s.Duplicates, s.Filtered, s.Forwarded, s.Unforwarded,
			s.Postponed, s.Undelivered, milliseconds(p95),
		})
	}
	var rest strings.Builder
	for _, count := range []struct {
		number int
		words  string
	}{
		{s.Forwarded, "forwarded"}, {s.Unforwarded, "not taken by the server behind"},
		{s.Undelivered, "of these acknowledged before"}, {s.Filtered, "filtered out"}, {s.Postponed, "postponed"},
	} {
		if count.number > 0 {
			fmt.Fprintf(&rest, ", %d %s", count.number, count.words)
		}
	}
	if len(s.durations) > 0 {
		fmt.Fprintf(&rest, ", p95 %s", elapsed(p95))
	}
	_, err := fmt.Fprintf(v.Out, "\n%d received: %d valid, %d unverified, %d refused, %d seen before%s\n",
		s.Received, s.Valid, s.Unverified, s.Refused, s.Duplicates, rest.String())
	return err
}
