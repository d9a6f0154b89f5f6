package delivery

import (
	"strings"
	"time"
)

const (
	maxDelays = 100
	maxDelay  = 30 * 24 * time.Hour
)

// StandardSchedule returns the delays after each failed attempt that Standard Webhooks recommends, about three days in
// all. The guide promises "automatic retries with exponential backoff" without naming delays, so these are assumed.
func StandardSchedule() []time.Duration {
	return []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
}

// ParseSchedule reads delays such as "5s,5m,30m", each at most 30 days and at most 100 of them, or "standard". It returns
// an [*OptionError] that names the delay it cannot use.
func ParseSchedule(text string) ([]time.Duration, error) {
	if strings.TrimSpace(text) == "standard" {
		return StandardSchedule(), nil
	}
	parts := strings.Split(text, ",")
	if len(parts) > maxDelays {
		return nil, &OptionError{Option: "schedule", Value: parts[maxDelays], Reason: "is one delay more than the 100 allowed"}
	}
	schedule := make([]time.Duration, len(parts))
	for i, part := range parts {
		part = strings.TrimSpace(part)
		delay, err := time.ParseDuration(part)
		switch {
		case err != nil:
			return nil, &OptionError{Option: "schedule", Value: part, Reason: "is not a delay such as 5s, 5m or 2h"}
		case delay < 0:
			return nil, &OptionError{Option: "schedule", Value: part, Reason: "is negative"}
		case delay > maxDelay:
			return nil, &OptionError{Option: "schedule", Value: part, Reason: "is longer than 30 days"}
		}
		schedule[i] = delay
	}
	return schedule, nil
}
