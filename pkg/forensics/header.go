package forensics

import (
	"net/url"
	"slices"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// target is what a recomputed signature is compared with: every signature of the header that stands under the same t,
// was made by the same algorithm and took as many changes to read.
type target struct {
	t         string // as it was written; empty when there is none
	algorithm algorithm
	sums      [][]byte
	changes   [][]Change // of each sum: what it took to read it, the algorithm included
	cost      int        // how many changes that is
}

// maxTargets bounds the work that a header can ask for.
const maxTargets = 8

func headerChange(id, cause, hint string) Change {
	return Change{ID: "header." + id, Dimension: DimensionHeader, Cause: cause, Hint: hint}
}

// reading collects targets from the lines of a header.
type reading struct {
	targets []target
	cut     bool     // more than is searched for
	long    bool     // more bytes or lines than a header may have
	times   []string // every t, as written
	sums    []string // every v1, as written
}

// readTargets reads header lines far more leniently than package signature does: what that package refuses is what a
// reader wants explained.
func readTargets(lines []string) reading {
	var r reading
	room := signature.MaxHeaderBytes
	for i, line := range lines {
		if room -= len(line); room < 0 || i == signature.MaxLines {
			r.cut, r.long = true, true
			break
		}
		r.readLine(line)
	}
	return r
}

func (r *reading) readLine(line string) {
	var changes []Change
	line = strings.TrimSpace(line)
	if decoded, err := url.PathUnescape(line); err == nil && !strings.Contains(line, "=") && strings.Contains(decoded, "=") {
		line = strings.TrimSpace(decoded)
		changes = append(changes, headerChange("percent-encoded", "the header is percent-encoded", "write it as it is: t=…,v1=…"))
	}
	if name, rest, ok := strings.Cut(line, ":"); ok && strings.EqualFold(strings.TrimSpace(name), signature.HeaderName) {
		line = strings.TrimSpace(rest)
		changes = append(changes, headerChange("name", "the value of the header begins with the name of the header", "cut the name off"))
	}
	if bare := strings.Trim(line, secretQuotes); len(bare) == len(line)-2 {
		line = bare
		changes = append(changes, quotesChange())
	}
	parts := strings.Split(line, ",")
	if len(parts) == 1 && strings.ContainsAny(line, ";& ") {
		parts = strings.FieldsFunc(line, func(c rune) bool { return strings.ContainsRune(";& ", c) })
		if len(parts) > 1 {
			changes = append(changes, headerChange("separator", "the parts of the header are not separated by commas", "write t=…,v1=…"))
		}
	}
	if renamed(parts) {
		changes = append(changes, headerChange("names", "the parts of the header do not begin with t= and v1=", "write t=…,v1=…"))
	}
	for _, part := range parts {
		if t, ok := timeOf(part); ok {
			r.times = append(r.times, t)
		}
		if sum, ok := strings.CutPrefix(strings.TrimSpace(part), "v1="); ok {
			r.sums = append(r.sums, strings.Trim(strings.TrimSpace(sum), secretQuotes))
		}
	}
	if times := crowdedTimes(parts); len(times) > 1 {
		r.readUnderEach(parts, times, changes)
		return
	}
	clocks := clocksOf(parts)
	if slices.ContainsFunc(clocks, func(t string) bool { return t != clocks[0] }) {
		changes = append(changes, headerChange("merged", "the header holds the signatures of two deliveries",
			"let the proxy hand header lines on one by one"))
	}
	for i, part := range parts {
		r.readPart(part, clocks[i], changes)
	}
}

// readUnderEach reads every signature under every t, as which belongs to which cannot be told.
func (r *reading) readUnderEach(parts, times []string, changes []Change) {
	for i, t := range times {
		if i == len(ordinals()) {
			r.cut = true
			return
		}
		which := headerChange("two-times", "the header holds more than one t, and the signature is over the "+ordinals()[i],
			"write t once")
		for _, part := range parts {
			r.readPart(part, t, append(slices.Clone(changes), which))
		}
	}
}

func ordinals() []string { return []string{"first", "second", "third", "fourth"} }

// renamed writes T=, V1: and the like as t= and v1=, and reports whether there were any.
func renamed(parts []string) bool {
	found := false
	for i, part := range parts {
		part = strings.TrimSpace(part)
		end := strings.IndexAny(part, "=:")
		if end < 0 {
			continue
		}
		for _, name := range []string{"t", "v1"} {
			if given := strings.TrimSpace(part[:end]); strings.EqualFold(given, name) && (given != name || part[end] != '=') {
				parts[i] = name + "=" + part[end+1:]
				found = true
			}
		}
	}
	return found
}

// timeOf returns the value of a part that is a t.
func timeOf(part string) (string, bool) {
	value, ok := strings.CutPrefix(strings.TrimSpace(part), "t=")
	return strings.Trim(strings.TrimSpace(value), secretQuotes), ok
}

// crowdedTimes lists the different t of a header in which some have no signature of their own behind them.
func crowdedTimes(parts []string) []string {
	var times []string
	crowded, waiting := false, false
	for _, part := range parts {
		t, ok := timeOf(part)
		if !ok {
			waiting = waiting && strings.TrimSpace(part) == ""
			continue
		}
		crowded = crowded || waiting
		waiting = true
		if !slices.Contains(times, t) {
			times = append(times, t)
		}
	}
	if !crowded && !waiting {
		return nil
	}
	return times
}

// clocksOf gives for each part the t that it stands under: the nearest before it, else the first of all.
func clocksOf(parts []string) []string {
	clocks := make([]string, len(parts))
	first, last := "", ""
	for i, part := range parts {
		if t, ok := timeOf(part); ok {
			last = t
			if first == "" {
				first = last
			}
		}
		clocks[i] = last
	}
	for i, t := range clocks {
		if t == "" {
			clocks[i] = first
		}
	}
	return clocks
}

func (r *reading) readPart(part, t string, changes []Change) {
	part = strings.TrimSpace(part)
	name, value, named := strings.Cut(part, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case named && name == "t":
		return
	case named && name == "v1":
		r.readSum(value, t, changes)
	case named && value != "" && value != "=" && prefixOf(part) == "":
		r.readSum(value, t, append(slices.Clone(changes), headerChange("scheme", "the signature stands under another name than v1",
			"write it as v1=…")))
	case prefixOf(part) != "":
		r.readSum(part, t, changes)
	default:
		r.readSum(part, t, append(slices.Clone(changes), headerChange("bare", "the signature stands in the header without v1=",
			"write t=…,v1=…")))
	}
}

// readSum adds a target when text is a signature in any spelling that is known.
func (r *reading) readSum(text, t string, before []Change) {
	changes := slices.Clone(before)
	if bare := strings.Trim(text, secretQuotes); bare != text {
		text = bare
		changes = append(changes, quotesChange())
	}
	if prefix := prefixOf(text); prefix != "" {
		text = text[len(prefix):]
		changes = append(changes, headerChange("prefix", "the signature has "+prefix+" before it", "write the hex digits alone, as v1=…"))
	}
	sum, spelling := decodeSum(text)
	changes = append(changes, spelling...)
	for _, a := range algorithms() {
		if a.size == len(sum) {
			r.add(t, a, sum, append(changes, a.changes...))
		}
	}
}

func (r *reading) add(t string, a algorithm, sum []byte, changes []Change) {
	i := slices.IndexFunc(r.targets, func(g target) bool {
		return g.t == t && g.algorithm.size == a.size && g.cost == len(changes)
	})
	if i < 0 {
		if len(r.targets) == maxTargets {
			r.cut = true
			return
		}
		i = len(r.targets)
		r.targets = append(r.targets, target{t: t, algorithm: a, cost: len(changes)})
	}
	r.targets[i].sums = append(r.targets[i].sums, sum)
	r.targets[i].changes = append(r.targets[i].changes, changes)
}
