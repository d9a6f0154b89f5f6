package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

var (
	bar     = regexp.MustCompile(`checking +\d+%[^\r\n]*`)
	clock   = regexp.MustCompile(`\d\d:\d\d:\d\d\.\d{3}`)
	created = regexp.MustCompile(`("created": ?)\d{10}`)
	eventID = regexp.MustCompile(`evt_[0-9A-HJKMNP-TV-Z]{26}`)
	checkID = regexp.MustCompile(`evt_pbhook_check_[0-9a-f]{8}`)
)

const (
	clockLayout = "15:04:05.000"
	erase       = "\r\x1b[2K"
)

// fixer replaces what differs from run to run: the clock begins at start, each new id is the next made-up one.
type fixer struct {
	start time.Time
	first time.Time // the first clock time that was printed
	ids   map[string]string
	next  []string // ids to give
}

func newFixer() *fixer {
	return &fixer{
		start: time.Date(2025, 1, 15, 10, 30, 0, 0, time.UTC),
		ids:   map[string]string{},
		next: []string{
			"evt_01JHMR6K20VFJRGBH5F5M38CP1", "evt_01JHMR6N9A4T7QDZ3W2YX8E6HB", "evt_01JHMR6QG5C0NKVPSM1RFB9D7J",
		},
	}
}

func (f *fixer) text(output string) string {
	output = strings.ReplaceAll(bar.ReplaceAllString(output, ""), erase, "")
	output = checkID.ReplaceAllString(output, "evt_pbhook_check_5f0c2a91")
	output = created.ReplaceAllString(output, fmt.Sprintf("${1}%d", f.start.Unix()))
	output = clock.ReplaceAllStringFunc(output, f.clock)
	return eventID.ReplaceAllStringFunc(output, f.id)
}

func (f *fixer) clock(printed string) string {
	at, err := time.Parse(clockLayout, printed)
	if err != nil {
		return printed
	}
	if f.first.IsZero() {
		f.first = at
	}
	return f.start.Add(at.Sub(f.first)).Format(clockLayout)
}

// id gives an event the id that it was given before, and a new event the next one; its own where none is left.
func (f *fixer) id(printed string) string {
	if id, known := f.ids[printed]; known {
		return id
	}
	if len(f.next) == 0 {
		return printed
	}
	f.ids[printed], f.next = f.next[0], f.next[1:]
	return f.ids[printed]
}
