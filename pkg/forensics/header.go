package forensics

import (
	"encoding/base64"
	"encoding/hex"
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
	cut     bool // more than is searched for
}

// readTargets reads header lines far more leniently than package signature does: what that package refuses is what a
// reader wants explained.
func readTargets(lines []string) reading {
	var r reading
	room := signature.MaxHeaderBytes
	for i, line := range lines {
		if room -= len(line); room < 0 || i == signature.MaxLines {
			r.cut = true
			break
		}
		r.readLine(line)
	}
	return r
}

func (r *reading) readLine(line string) {
	var changes []Change
	line = strings.TrimSpace(line)
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
	clocks := clocksOf(parts)
	if slices.ContainsFunc(clocks, func(t string) bool { return t != clocks[0] }) {
		changes = append(changes, headerChange("merged", "the header holds the signatures of two deliveries",
			"a proxy merged two headers into one: hand them on one by one"))
	}
	for i, part := range parts {
		r.readPart(part, clocks[i], changes)
	}
}

// clocksOf gives for each part the t that it stands under: the nearest before it, else the first of all.
func clocksOf(parts []string) []string {
	clocks := make([]string, len(parts))
	first, last := "", ""
	for i, part := range parts {
		if value, ok := strings.CutPrefix(strings.TrimSpace(part), "t="); ok {
			last = strings.Trim(strings.TrimSpace(value), secretQuotes)
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

func quotesChange() Change {
	return headerChange("quotes", "the signature has quotes around it", "write it without quotes")
}

func prefixOf(text string) string {
	for _, prefix := range []string{"sha256=", "sha1=", "sha512=", "hmac-sha256="} {
		if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			return text[:len(prefix)]
		}
	}
	return ""
}

// decodeSum reads a signature as hex, base64, or base64 of hex.
func decodeSum(text string) ([]byte, []Change) {
	if sum, err := hex.DecodeString(text); err == nil {
		if strings.ContainsAny(text, "ABCDEF") {
			return sum, []Change{headerChange("uppercase", "the signature is written in upper-case hex",
				"write it in lower case: receivers that compare text refuse it otherwise")}
		}
		return sum, nil
	}
	bare := strings.TrimRight(text, "=")
	sum, err := base64.RawStdEncoding.DecodeString(bare)
	name := "base64"
	if err != nil {
		sum, err = base64.RawURLEncoding.DecodeString(bare)
		name = "base64url"
	}
	if err != nil {
		return nil, nil
	}
	if inner, err := hex.DecodeString(string(sum)); err == nil {
		sum, name = inner, "base64 of its hex digits"
	}
	return sum, []Change{headerChange("base64", "the signature is written in "+name+", not in hex", "write the digest in hex: digest('hex')")}
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
