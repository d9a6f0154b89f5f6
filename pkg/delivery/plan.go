package delivery

import (
	"context"
	"strconv"
	"time"
)

const (
	maxConcurrency = 10_000
	maxRate        = 1_000_000
)

// Plan says how many messages a load run sends and how fast. It ends at what is reached first of Count and Duration; with
// neither it goes on until its context ends.
type Plan struct {
	Count    int           // messages; 0 is no limit
	Duration time.Duration // during which sending begins; 0 is no limit
	// Rate is how many messages are begun in a second, at equal distances; 0 is as many as the endpoint takes.
	Rate float64
	// Concurrency is how many messages are under way at most, each on a connection of its own; 0 is 1.
	Concurrency int
}

// Source makes the next message of a load run. It is called from many goroutines at once and for every request, so it
// should be quick. Its io.EOF ends the run in good order, any other error stops it.
type Source func(context.Context) (Message, error)

// Check returns an [*OptionError] for a value that is out of its range.
func (p Plan) Check() error {
	switch {
	case p.Count < 0:
		return &OptionError{Option: "count", Value: strconv.Itoa(p.Count), Reason: "is negative"}
	case p.Duration < 0:
		return &OptionError{Option: "duration", Value: p.Duration.String(), Reason: "is negative"}
	case p.Concurrency < 0 || p.Concurrency > maxConcurrency:
		return &OptionError{Option: "concurrency", Value: strconv.Itoa(p.Concurrency), Reason: "is not within 1 to 10000"}
	case !(p.Rate >= 0 && p.Rate <= maxRate):
		rate := strconv.FormatFloat(p.Rate, 'g', -1, 64)
		return &OptionError{Option: "rate", Value: rate, Reason: "is not within 0 to 1000000 a second"}
	}
	return nil
}

// workers is how many goroutines the plan needs.
func (p Plan) workers() int {
	workers := max(p.Concurrency, 1)
	if p.Count > 0 {
		workers = min(workers, p.Count)
	}
	return workers
}

// due is when the message with this number, from 0, has to be begun, counted from the start of the run.
func (p Plan) due(number int64) time.Duration {
	return time.Duration(float64(number) / p.Rate * float64(time.Second))
}
