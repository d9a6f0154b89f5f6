package delivery

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Budget is what a load run may cost before it counts as failed. The zero value allows everything.
type Budget struct {
	// MaxP95 bounds the 95th percentile of [Report.Latency]; 0 is no bound.
	MaxP95 time.Duration
	// MaxErrors bounds [Report.Failed].
	MaxErrors ErrorLimit
}

// ErrorLimit is a number of failures that are allowed, or a share of all requests. The zero value is no limit;
// [ParseErrorLimit] makes others.
type ErrorLimit struct {
	text  string
	count int64
	share float64
}

// ParseErrorLimit reads a number, "0", or a share, "1%" or "0.5%". It returns an [*OptionError].
func ParseErrorLimit(text string) (ErrorLimit, error) {
	refused := func(reason string) (ErrorLimit, error) {
		return ErrorLimit{}, &OptionError{Option: "max errors", Value: text, Reason: reason}
	}
	if percent, isShare := strings.CutSuffix(text, "%"); isShare {
		share, err := strconv.ParseFloat(percent, 64)
		if err != nil || !(share >= 0 && share <= 100) {
			return refused("is not within 0% to 100%")
		}
		return ErrorLimit{text: text, share: share / 100}, nil
	}
	count, err := strconv.ParseInt(text, 10, 64)
	if err != nil || count < 0 {
		return refused("is not a number such as 0 nor a share such as 1%")
	}
	return ErrorLimit{text: text, count: count}, nil
}

// String is the limit as it was parsed; empty for no limit.
func (l ErrorLimit) String() string { return l.text }

// allowed is how many of so many requests may fail.
func (l ErrorLimit) allowed(sent int64) int64 {
	switch {
	case l.text == "":
		return math.MaxInt64
	case strings.HasSuffix(l.text, "%"):
		return int64(l.share * float64(sent))
	default:
		return l.count
	}
}

// BudgetError says what of a budget was exceeded.
type BudgetError struct {
	Exceeded []Excess // never empty
}

// Excess is one bound and what was found.
type Excess struct {
	Bound      string // "p95" or "errors"
	Limit, Got string
}

func (e *BudgetError) Error() string {
	texts := make([]string, len(e.Exceeded))
	for i, excess := range e.Exceeded {
		texts[i] = fmt.Sprintf("%s %s is over the limit of %s", excess.Bound, excess.Got, excess.Limit)
	}
	return strings.Join(texts, "; ")
}

// Check returns a [*BudgetError] if the run cost more than the budget. A p95 is exceeded also when there was no answer that
// could have one.
func (b Budget) Check(r Report) error {
	var exceeded []Excess
	switch {
	case b.MaxP95 == 0:
	case r.Latency.Samples == 0:
		exceeded = append(exceeded, Excess{Bound: "p95", Limit: b.MaxP95.String(), Got: "without any answer"})
	case r.Latency.P95 > b.MaxP95:
		exceeded = append(exceeded, Excess{Bound: "p95", Limit: b.MaxP95.String(), Got: r.Latency.P95.String()})
	}
	if r.Failed() > b.MaxErrors.allowed(r.Sent) {
		got := fmt.Sprintf("%d of %d", r.Failed(), r.Sent)
		exceeded = append(exceeded, Excess{Bound: "errors", Limit: b.MaxErrors.String(), Got: got})
	}
	if exceeded == nil {
		return nil
	}
	return &BudgetError{Exceeded: exceeded}
}
