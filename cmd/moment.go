package cmd

import (
	"math"
	"strconv"
	"time"
)

// lastSecond is that of the year 9999; what is larger is in milliseconds.
const lastSecond = 253402300799

// parseMoment reads a point in time, the value of a flag: 10m or 7d for that long ago, RFC 3339, or unix seconds.
func parseMoment(flag, text string, now time.Time) (time.Time, error) {
	if ago, ok := parseAgo(text); ok {
		return now.Add(-ago), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds >= 0 && seconds <= lastSecond {
		return time.Unix(seconds, 0), nil
	}
	return time.Time{}, &valueError{flag, text, "is not a time such as 10m (ago), 7d, 2026-01-15T10:30:00Z or unix seconds"}
}

// parseAgo takes days and weeks too, which time.ParseDuration leaves out because of clocks that change.
func parseAgo(text string) (time.Duration, bool) {
	if ago, err := time.ParseDuration(text); err == nil {
		return ago, true
	}
	if text == "" {
		return 0, false
	}
	days := map[byte]int64{'d': 1, 'w': 7}[text[len(text)-1]]
	const day = 24 * time.Hour
	n, err := strconv.ParseInt(text[:len(text)-1], 10, 64)
	if err != nil || days == 0 || n < 0 || n > math.MaxInt64/(days*int64(day)) {
		return 0, false
	}
	return time.Duration(n*days) * day, true
}
