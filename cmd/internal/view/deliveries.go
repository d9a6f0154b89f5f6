package view

import (
	"fmt"
	"slices"
	"time"
)

// Deliveries sums up a run of several deliveries.
type Deliveries struct {
	Events, Delivered, Failed, Attempts int
	Elapsed                             time.Duration
	Durations                           []time.Duration // of the attempts that were answered, in any order
}

// Deliveries shows the last line of a run.
func (v *View) Deliveries(d Deliveries) error {
	p95 := percentile95(d.Durations)
	if v.JSON {
		return emit(v.Out, struct {
			Kind      string  `json:"kind"`
			Events    int     `json:"events"`
			Delivered int     `json:"delivered"`
			Failed    int     `json:"failed"`
			Attempts  int     `json:"attempts"`
			Elapsed   float64 `json:"elapsedMs"`
			P95       float64 `json:"p95Ms,omitempty"`
		}{"summary", d.Events, d.Delivered, d.Failed, d.Attempts, milliseconds(d.Elapsed), milliseconds(p95)})
	}
	line := v.Out.Good(fmt.Sprintf("%d of %d delivered", d.Delivered, d.Events))
	if d.Delivered < d.Events {
		line = v.Out.Bad(fmt.Sprintf("%d of %d delivered", d.Delivered, d.Events))
	}
	if d.Attempts > d.Events {
		line += fmt.Sprintf(" in %d attempts", d.Attempts)
	}
	line += ", " + elapsed(d.Elapsed)
	if p95 > 0 {
		line += ", p95 " + elapsed(p95)
	}
	_, err := fmt.Fprintf(v.Out, "\n%s\n", line)
	return err
}

// percentile95 is the smallest duration that at least 95 of 100 do not exceed; 0 for none.
func percentile95(durations []time.Duration) time.Duration {
	if len(durations) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(durations))
	return sorted[(len(sorted)*95+99)/100-1]
}
