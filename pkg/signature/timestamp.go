package signature

import "time"

// maxDigits keeps t far from overflow (it ends in the year 33658) and refuses milliseconds, which have thirteen.
const maxDigits = 12

// lastSecond is the last t of maxDigits digits.
const lastSecond = 999_999_999_999

// parseTimestamp reads a t of the form [1-9][0-9]{0,11}. Signs and leading zeros are refused because the MAC is over the
// text of t: two texts for one time would be two signatures.
func parseTimestamp(text string) (time.Time, bool) {
	if len(text) == 0 || len(text) > maxDigits || text[0] == '0' {
		return time.Time{}, false
	}
	seconds, ok := digits(text)
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0).UTC(), true
}

// digits reads plain decimal digits, of which there must be few enough for an int64.
func digits(text string) (int64, bool) {
	var n int64
	for i := range len(text) {
		c := text[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// age counts whole seconds on the floor of now, so that a delivery is as old at 12:00:00.9 as it was at 12:00:00.0. It
// saturates where a Duration ends, at 292 years.
func age(t, now time.Time) time.Duration {
	return time.Unix(now.Unix(), 0).Sub(t)
}

func floor(now time.Time) time.Time { return time.Unix(now.Unix(), 0).UTC() }
