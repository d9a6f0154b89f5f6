package cmd

import (
	"strconv"
	"time"
)

// lastSecond is that of the year 9999; what is larger is in milliseconds.
const lastSecond = 253402300799

// parseMoment reads a point in time: 10m for that long ago, RFC 3339, or unix seconds.
func parseMoment(text string, now time.Time) (time.Time, error) {
	if ago, err := time.ParseDuration(text); err == nil {
		return now.Add(-ago), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds >= 0 && seconds <= lastSecond {
		return time.Unix(seconds, 0), nil
	}
	return time.Time{}, &valueError{"--at", text, "is not a time such as 10m (ago), 2026-01-15T10:30:00Z or unix seconds"}
}
