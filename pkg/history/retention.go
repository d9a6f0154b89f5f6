package history

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Retention says how much is kept. Limits that are zero do not apply; the zero value keeps everything.
type Retention struct {
	Age   time.Duration // since a record was added
	Count int           // records, replays among them; of which the oldest replays go first
	Bytes int64         // of the whole store, about; the oldest replays go first
}

// RetentionError says which part of a retention's text is none.
type RetentionError struct {
	Part    string
	Problem string
}

func (e *RetentionError) Error() string { return fmt.Sprintf("retention %q %s", e.Part, e.Problem) }

// ParseRetention reads "30d,10000" or "12h,500MB": an age (m, h, d, w), a number of records and a size (KB, MB, GB of
// 1,000), each at most once, in any order. It returns a [*RetentionError].
func ParseRetention(text string) (Retention, error) {
	var keep Retention
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		digits := strings.TrimRight(part, "mhdwKMGB")
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || number <= 0 || digits[0] == '+' {
			return Retention{}, &RetentionError{part, "is no age like 30d, number like 10000 or size like 500MB"}
		}
		if problem := keep.limit(number, part[len(digits):]); problem != "" {
			return Retention{}, &RetentionError{part, problem}
		}
	}
	return keep, nil
}

const day = 24 * time.Hour

func (r *Retention) limit(number int64, unit string) (problem string) {
	ages := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": day, "w": 7 * day}
	sizes := map[string]int64{"KB": 1e3, "MB": 1e6, "GB": 1e9}
	age, size := ages[unit], sizes[unit]
	switch {
	case unit != "" && age == 0 && size == 0:
		return "has a unit other than m, h, d, w, KB, MB and GB"
	case number > math.MaxInt64/max(int64(age), size, 1), unit == "" && number > math.MaxInt32:
		return "is too large"
	case age > 0 && r.Age > 0, size > 0 && r.Bytes > 0, unit == "" && r.Count > 0:
		return "limits the same a second time"
	}
	switch {
	case age > 0:
		r.Age = time.Duration(number) * age
	case size > 0:
		r.Bytes = number * size
	default:
		r.Count = int(number)
	}
	return ""
}
