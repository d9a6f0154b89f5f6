package forensics

import (
	"slices"
	"strconv"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// epochEnds is in 2001: no delivery was signed before it.
const epochEnds = 1_000_000_000

// InferTime lists what is likely of a delivery whose signature, made at signed, holds, and whose time is out of tolerance:
// a clock or a time zone that is wrong. That a delivery is merely old is no fault, and is not listed. Of o it looks at
// Tolerance and Now alone.
func InferTime(c Case, signed time.Time, o Options) []Inference {
	return slices.DeleteFunc(o.inferClocks(c, signed), func(i Inference) bool { return i.ID == oldCapture().ID })
}

// inferTime says why a signature is outside the tolerance. t is as it was signed; valid says that the signature holds as
// it stands.
func (o Options) inferTime(c Case, t string, valid bool) []Inference {
	seconds, err := strconv.ParseInt(t, 10, 64)
	if err != nil || len(t) > 12 {
		return nil
	}
	all := o.inferClocks(c, time.Unix(seconds, 0))
	for i := range all {
		if all[i].ID == oldCapture().ID && !valid {
			all[i].ID = "time.old-too"
			all[i].Cause = "the delivery is old, too: its age is out of tolerance whatever becomes of its signature"
		}
	}
	return all
}

func (o Options) inferClocks(c Case, signed time.Time) []Inference {
	arrival := c.Received
	if arrival.IsZero() {
		arrival = o.Now
	}
	if arrival.IsZero() {
		return nil
	}
	if signed.Unix() < epochEnds {
		return []Inference{{
			"time.unset", "t stands for the year " + strconv.Itoa(signed.UTC().Year()) + ": the clock of the sender was not set, or t is not unix seconds",
			hintSeconds,
		}}
	}
	if o.within(arrival.Sub(signed)) {
		return o.inferAge(c, signed)
	}
	if sent, ok := parseDate(c.Date); ok {
		return o.inferSkew(c, signed, arrival, sent)
	}
	return inferOffset(c, arrival.Sub(signed))
}

// inferAge is about a delivery that was in time when it came, but is judged later.
func (o Options) inferAge(c Case, signed time.Time) []Inference {
	if c.Received.IsZero() || o.Now.IsZero() || o.within(o.Now.Sub(signed)) {
		return nil
	}
	return []Inference{oldCapture()}
}

// inferSkew uses the sender's Date to tell whose clock is wrong.
func (o Options) inferSkew(c Case, signed, arrival, sent time.Time) []Inference {
	switch {
	case o.within(arrival.Sub(sent)):
		// Both clocks agree, so t alone is off.
		return inferOffset(c, arrival.Sub(signed))
	case c.Received.IsZero() && arrival.After(sent):
		return []Inference{oldCapture()}
	case wholeHours(arrival.Sub(sent)):
		return []Inference{timezone(arrival.Sub(sent))}
	default:
		return []Inference{clockSkew(arrival.Sub(sent))}
	}
}

// inferOffset is about a t that is off. Of a capture that does not say when it came, the age says no more than that it is
// old, be it in whole hours or not.
func inferOffset(c Case, age time.Duration) []Inference {
	switch {
	case c.Received.IsZero() && age > 0:
		return []Inference{oldCapture()}
	case wholeHours(age) && age.Abs() <= 14*time.Hour:
		return []Inference{timezone(age)}
	case age > 0:
		return []Inference{oldCapture()}
	default:
		return []Inference{clockSkew(age)}
	}
}

func (o Options) within(age time.Duration) bool {
	tolerance := o.Tolerance
	if tolerance == 0 {
		tolerance = signature.DefaultTolerance
	}
	return age.Truncate(time.Second).Abs() <= tolerance
}

// wholeHours allows for the seconds that a delivery travels.
func wholeHours(d time.Duration) bool {
	const travel = 5 * time.Second
	off := (d.Abs() + travel) % time.Hour
	return d.Abs() >= time.Hour-travel && off <= 2*travel
}

func parseDate(text string) (time.Time, bool) {
	for _, format := range []string{"Mon, 02 Jan 2006 15:04:05 GMT", time.RFC850, time.ANSIC} {
		if at, err := time.Parse(format, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func oldCapture() Inference {
	return Inference{
		"time.old-capture", "this is an old delivery: its signature holds, and only its age is out of tolerance",
		"judge it as of the time it arrived, not as of now",
	}
}

func clockSkew(by time.Duration) Inference {
	return Inference{
		"time.clock-skew", "the clocks of sender and receiver are " + by.Abs().Round(time.Second).String() + " apart",
		"let NTP set both clocks",
	}
}

func timezone(by time.Duration) Inference {
	return Inference{
		"time.timezone", "a local time was taken for UTC: the times are " + strconv.Itoa(int(by.Abs().Round(time.Hour).Hours())) + " h apart",
		"unix seconds have no time zone: take them from the system clock, not from a formatted date",
	}
}
