package delivery

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// maxRetryAfter bounds what an endpoint may ask for.
const maxRetryAfter = 24 * time.Hour

// Policy says whether and when a failed attempt is made again. The zero value makes one attempt.
type Policy struct {
	// Retries is how many attempts may follow the first.
	Retries int
	// Schedule holds the delay before each retry; the last one repeats. Empty means [StandardSchedule].
	Schedule []time.Duration
	// Jitter spreads each delay evenly over 1-Jitter to 1+Jitter times its length; 0 to 1. What an endpoint asks for is
	// not spread.
	Jitter float64
	// TimeScale multiplies how long is really waited, to live through a schedule of days in seconds; 0 means 1.
	TimeScale float64
	// Rand gives numbers from 0 to 1 for the jitter, from the goroutine of Deliver; nil uses math/rand/v2.
	Rand func() float64
}

// Check returns an [*OptionError] for a value that is out of its range.
func (p Policy) Check() error {
	refused := func(option string, value float64, reason string) error {
		return &OptionError{Option: option, Value: strconv.FormatFloat(value, 'g', -1, 64), Reason: reason}
	}
	switch {
	case p.Retries < 0:
		return refused("retries", float64(p.Retries), "is negative")
	case !(p.Jitter >= 0 && p.Jitter <= 1):
		return refused("jitter", p.Jitter, "is not within 0 to 1")
	case !(p.TimeScale >= 0 && p.TimeScale <= maxTimeScale):
		return refused("time scale", p.TimeScale, "is not within 0 to 1000")
	}
	for _, delay := range p.Schedule {
		if delay < 0 || delay > maxDelay {
			return &OptionError{Option: "schedule", Value: delay.String(), Reason: "is not within 0 to 30 days"}
		}
	}
	return nil
}

const maxTimeScale = 1000

// Wait is the time between an attempt and the next.
type Wait struct {
	// Delay is what the schedule, with its jitter, or the endpoint asks for.
	Delay time.Duration
	// Sleep is how long is really waited: Delay times [Policy.TimeScale].
	Sleep time.Duration
	// RetryAfter tells that the endpoint asked for it (RFC 9110, section 10.2.3).
	RetryAfter bool
}

// next says when to try again after a failed attempt, as seen at the time now; nil means never.
func (p Policy) next(a Attempt, now time.Time) *Wait {
	if !byEndpoint(a.Err) || a.Number > p.Retries || a.Status == http.StatusGone {
		return nil
	}
	wait := Wait{}
	if a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable {
		wait.Delay, wait.RetryAfter = ParseRetryAfter(a.Header.Get("Retry-After"), now)
	}
	if !wait.RetryAfter {
		wait.Delay = p.delay(a.Number)
	}
	wait.Sleep = wait.Delay
	if p.TimeScale > 0 {
		wait.Sleep = time.Duration(float64(wait.Delay) * p.TimeScale)
	}
	return &wait
}

func (p Policy) delay(retry int) time.Duration {
	schedule := p.Schedule
	if len(schedule) == 0 {
		schedule = StandardSchedule()
	}
	delay := schedule[min(retry, len(schedule))-1]
	if p.Jitter == 0 {
		return delay
	}
	random := p.Rand
	if random == nil {
		random = rand.Float64
	}
	return time.Duration(float64(delay) * (1 + p.Jitter*(2*random()-1)))
}

// ParseRetryAfter reads the value of a Retry-After header as of now: seconds or a date (RFC 9110, section 10.2.3). A time
// in the past means now, and no delay is longer than 24 h. Found is false where there is neither.
func ParseRetryAfter(text string, now time.Time) (delay time.Duration, found bool) {
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter), true
	}
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return 0, false
		}
	}
	if text == "" {
		return 0, false
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds > int64(maxRetryAfter/time.Second) {
		return maxRetryAfter, true
	}
	return time.Duration(seconds) * time.Second, true
}
