package forensics

import (
	"strconv"
	"strings"
	"time"
)

// clock is one text to try as t.
type clock struct {
	text    string
	changes []Change
	alone   bool // not tried together with another change: too many of them
}

const hintSeconds = "write t as whole unix seconds: Math.floor(Date.now() / 1000)"

func timeChange(id, cause, hint string) Change {
	return Change{ID: "time." + id, Dimension: DimensionTime, Cause: cause, Hint: hint}
}

// units are the ones that clocks count in, by how many digits they have more than seconds.
func units() []struct{ zeros, name string } {
	return []struct{ zeros, name string }{{"000", "milliseconds"}, {"000000", "microseconds"}, {"000000000", "nanoseconds"}}
}

// clocks lists what may have been signed as t when the header says text.
func clocks(text string) []clock {
	if text == "" {
		return []clock{{}}
	}
	all := []clock{{text: text, changes: oddClock(text)}}
	for _, unit := range units() {
		if len(text) == 10+len(unit.zeros) && isDigits(text) {
			all = append(all, clock{text: text[:10], changes: []Change{timeChange(unit.name,
				"t in the header is in "+unit.name+", the signature is over seconds", hintSeconds)}})
		}
	}
	if len(text) == 10 && isDigits(text) {
		all = append(all, clock{text: text + "000", changes: []Change{timeChange("milliseconds",
			"t in the header is in seconds, the signature is over milliseconds", hintSeconds)}})
		return append(all, neighbours(text)...)
	}
	if whole, fraction, ok := strings.Cut(text, "."); ok && isDigits(whole) && isDigits(fraction) {
		all = append(all, clock{text: whole, changes: []Change{timeChange("fraction",
			"t in the header has a fraction, the signature is over whole seconds", hintSeconds)}})
	} else if seconds := secondsIn(text); seconds != "" && seconds != text {
		all = append(all, clock{text: seconds, changes: []Change{timeChange("garbled",
			"t in the header has other characters around the seconds that were signed", hintSeconds)}})
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		all = append(all, clock{text: strconv.FormatInt(at.Unix(), 10), changes: []Change{timeChange("date",
			"t in the header is a date, the signature is over unix seconds", hintSeconds)}})
	}
	return all
}

// neighbours are for senders that read the clock twice, once for the header and once for the signature.
func neighbours(text string) []clock {
	const reach = 5
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	var all []clock
	for step := int64(1); step <= reach; step++ {
		for _, second := range []int64{seconds + step, seconds - step} {
			all = append(all, clock{text: strconv.FormatInt(second, 10), alone: true, changes: []Change{timeChange("two-readings",
				"t in the header and t in the signature are a few seconds apart",
				"read the clock once, for both")}})
		}
	}
	return all
}

// oddClock says what is wrong with a t under which the signature holds as it was written.
func oddClock(text string) []Change {
	for _, unit := range units() {
		if len(text) == 10+len(unit.zeros) && isDigits(text) {
			return []Change{timeChange(unit.name, "t is in "+unit.name+", in the header and in the signature", hintSeconds)}
		}
	}
	if len(text) <= 12 && isDigits(text) && text[0] != '0' {
		return nil
	}
	return []Change{timeChange("form", "t is not written as whole unix seconds; the signature is over it as it is", hintSeconds)}
}

// secondsIn returns the ten digits in text that may be unix seconds, without zeros before them; empty when the first
// number is none.
func secondsIn(text string) string {
	text = text[max(0, strings.IndexAny(text, "0123456789")):]
	text = text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
	if text = strings.TrimLeft(text, "0"); len(text) != 10 {
		return ""
	}
	return text
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
