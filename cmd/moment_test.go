package cmd

import (
	"errors"
	"testing"
	"time"
)

func TestMomentsAreReadAsPeopleWriteThem(t *testing.T) {
	now := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"10m":                       now.Add(-10 * time.Minute),
		"1h30m":                     now.Add(-90 * time.Minute),
		"0s":                        now,
		"7d":                        now.AddDate(0, 0, -7),
		"2w":                        now.AddDate(0, 0, -14),
		"2026-01-15T10:30:00Z":      now.Add(-90 * time.Minute),
		"2026-01-15T10:30:00+02:00": now.Add(-210 * time.Minute),
		"1700000000":                time.Unix(1700000000, 0),
		"0":                         now, // a duration of its own
	} {
		if got, err := parseMoment("--since", text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "d", "w", "-1d", "1.5d", "99999999999d", "106752d", "1y", "yesterday", "2026-01-15", "1700000000000", "-5"} {
		got, err := parseMoment("--since", text, now)
		if wrong, ok := errors.AsType[*valueError](err); !ok || wrong.flag != "--since" || wrong.value != text {
			t.Errorf("%q is %v, %v; want a *valueError", text, got, err)
		}
	}
}
