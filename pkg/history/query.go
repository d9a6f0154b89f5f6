package history

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Query chooses records. Fields that are zero choose all; the zero value chooses every record.
type Query struct {
	Types        []string      // globs of event types, "certificate.*": *, ? and [a-z]; one must fit
	Status       []StatusRange // of the answer; one must fit
	Signature    []Signature   // one must fit
	Sources      []Source      // one must fit
	NotTaken     bool          // a server that it was handed on to, or replayed to, gave no whole 2xx
	Since, Until time.Time     // of the capture, to the millisecond; Since is included, Until is not
	Grep         string        // bytes that occur in the body or in the "Name: value" lines of the header; case matters
	Before       string        // ID: only records that are older than it
	After        string        // ID: only records that are newer than it
	Limit        int           // the newest that fit, at most so many; for List only
	OldestFirst  bool          // in the order in which they came; for List only
}

// StatusRange holds the status codes of an answer from Min to Max. Its zero value holds requests without an answer.
type StatusRange struct{ Min, Max int }

// StatusError says that a text is no range of status codes.
type StatusError struct{ Got string }

func (e *StatusError) Error() string {
	return fmt.Sprintf("status %q is none of 404, 4xx, 400-404 and none", e.Got)
}

// ParseStatusRange reads "404", "4xx", "400-404" or, for requests without an answer, "none". It returns a [*StatusError].
func ParseStatusRange(text string) (StatusRange, error) {
	if text == "none" {
		return StatusRange{}, nil
	}
	low, high, ranged := strings.Cut(text, "-")
	if class, whole := strings.CutSuffix(strings.ToLower(text), "xx"); whole {
		low, high = class+"00", class+"99"
	} else if !ranged {
		high = low
	}
	least, err := parseStatus(low)
	most, err2 := parseStatus(high)
	if err != nil || err2 != nil || least > most {
		return StatusRange{}, &StatusError{text}
	}
	return StatusRange{least, most}, nil
}

func parseStatus(text string) (int, error) {
	status, err := strconv.Atoi(text)
	if err == nil && (status < 100 || status > 599 || len(text) != 3) {
		err = strconv.ErrRange
	}
	return status, err
}

// condition is the WHERE of a query with what stands for its question marks.
type condition struct {
	terms  []string
	values []any
}

func (c *condition) and(term string, values ...any) {
	c.terms = append(c.terms, term)
	c.values = append(c.values, values...)
}

func (q Query) condition() condition {
	c := condition{terms: []string{"TRUE"}}
	if q.Before != "" {
		c.and("record.id < ?", strings.ToUpper(q.Before))
	}
	if q.After != "" {
		c.and("record.id > ?", strings.ToUpper(q.After))
	}
	if !q.Since.IsZero() {
		c.and("record.id >= ?", firstID(q.Since))
	}
	if !q.Until.IsZero() {
		c.and("record.id < ?", firstID(q.Until))
	}
	c.anyOf("record.event_type GLOB ?", len(q.Types), func(i int) []any { return []any{q.Types[i]} })
	c.anyOf("record.signature = ?", len(q.Signature), func(i int) []any { return []any{string(q.Signature[i])} })
	c.anyOf("record.source = ?", len(q.Sources), func(i int) []any { return []any{string(q.Sources[i])} })
	c.anyOf("coalesce(answer.status, 0) BETWEEN ? AND ?", len(q.Status), func(i int) []any {
		return []any{q.Status[i].Min, q.Status[i].Max}
	})
	if q.NotTaken {
		c.and(notTaken, string(SourceReplay))
	}
	if q.Grep != "" {
		wanted := []byte(q.Grep)
		c.and("(instr(record.body, ?) OR instr(record.header, ?))", wanted, wanted)
	}
	return c
}

// notTaken looks at what became of a record beyond the answer to its sender; of a replay that answer is the server's.
const notTaken = `(EXISTS (SELECT 1 FROM forward WHERE forward.record = record.seq AND (forward.status NOT BETWEEN 200 AND 299 OR forward.error <> ''))
	OR record.source = ? AND coalesce(answer.status, 0) NOT BETWEEN 200 AND 299)`

// anyOf adds one term for each of n alternatives, of which one has to hold.
func (c *condition) anyOf(term string, n int, values func(int) []any) {
	if n == 0 {
		return
	}
	alternatives := make([]string, n)
	var all []any
	for i := range n {
		alternatives[i] = term
		all = append(all, values(i)...)
	}
	c.and("("+strings.Join(alternatives, " OR ")+")", all...)
}

func (c *condition) from() string {
	return " FROM record LEFT JOIN answer ON answer.record = record.seq WHERE " + strings.Join(c.terms, " AND ")
}
