package forensics

import (
	"slices"
	"strings"
)

// Report is what became of a search.
type Report struct {
	// Valid says that the signature holds as it stands: right secret, t, layout and body.
	Valid bool
	// Proven is the cause with the fewest changes, nil when the signature is valid or nothing was found. Its changes
	// turn what was received into a body whose signature is the one of the header, which no coincidence does.
	Proven *Finding
	// Likely are causes that the case suggests but nothing proves, the likeliest first.
	Likely []Inference
	// Signed is the body as it was signed, nil when that is not known. It shares no memory with the case.
	Signed []byte
	// Diff is where Signed and the received body part; nil when they are equal or Signed is not known.
	Diff *Diff
	// Tried lists what was ruled out when nothing was found.
	Tried []Trial
	// Signatures is how many were computed.
	Signatures int
	// Cut says that time ran out before everything was tried.
	Cut bool
	// Restricted says that not everything is tried for a body this large (more than 128 KiB) or a header with so many
	// signatures.
	Restricted bool
}

// Finding is a proven cause.
type Finding struct {
	ID      string   // of its changes, joined by "+": "json.indented", "secret.space+body.newline-added"
	Cause   string   // in one sentence, without a full stop
	Hint    string   // what to do
	Changes []Change // one or two, of the body in the order in which they happened
	Secret  string   // name of the secret it was signed with; empty when it was signed with none of them
	Fixes   []Fix    // how to get at the raw body in each framework, when the body was parsed; else nil
}

// Inference is a cause that is likely but not proven.
type Inference struct {
	ID    string // stable, "body.truncated"
	Cause string // a sentence without a full stop, to be read behind "likely: "
	Hint  string // what to do
}

// Trial is what was tried of one dimension.
type Trial struct {
	Dimension Dimension
	Names     []string // in words, each once
}

func (r *Report) prove(s *search, h *hit) {
	target := s.targets[h.target]
	changes := h.combination.changes()
	changes = append(changes, target.changes[h.sum]...)
	changes = append(changes, s.bodyChanges(h)...)
	r.Signed = h.signed
	if r.Signed == nil {
		r.Signed = []byte{}
	}
	r.Diff = compare(h.signed, s.body)
	if len(changes) == 0 {
		r.Valid = true
		return
	}
	r.Proven = &Finding{Changes: changes, Secret: h.combination.key.name}
	var ids, causes, hints []string
	for _, change := range changes {
		ids = append(ids, change.ID)
		causes = append(causes, change.Cause)
		if change.Hint != "" && !slices.Contains(hints, change.Hint) {
			hints = append(hints, change.Hint)
		}
		if change.Parsed && r.Proven.Fixes == nil {
			r.Proven.Fixes = Fixes()
		}
	}
	r.Proven.ID = strings.Join(ids, "+")
	r.Proven.Cause = strings.Join(causes, "; and ")
	r.Proven.Hint = strings.Join(hints, "; ")
}

// bodyChanges tells what happened to the body, which is the search read backwards.
func (s *search) bodyChanges(h *hit) []Change {
	switch {
	case h.first < 0:
		return nil
	case h.second < 0:
		return []Change{s.rewrites[h.first].describe(h.signed, s.body)}
	default:
		return []Change{
			s.rewrites[h.second].describe(h.signed, h.between),
			s.rewrites[h.first].describe(h.between, s.body),
		}
	}
}

// tried names the single changes that signatures were computed under, by dimension; nil when there were none.
func (s *search) tried() []Trial {
	trials := []Trial{
		{Dimension: DimensionSecret}, {Dimension: DimensionTime}, {Dimension: DimensionLayout}, {Dimension: DimensionBody},
	}
	add := func(i int, name string) {
		if name != "" && !slices.Contains(trials[i].Names, name) {
			trials[i].Names = append(trials[i].Names, name)
		}
	}
	for i, combinations := range s.combinations {
		if level := 1 + s.targets[i].cost; level > maxChanges || !s.done[level] {
			continue
		}
		for _, c := range combinations[1] {
			for i, changes := range [][]Change{c.key.changes, c.clock.changes, c.layout.changes} {
				for _, change := range changes {
					add(i, change.words())
				}
			}
		}
	}
	for i, rewrite := range s.rewrites {
		if !s.rewritten[i] {
			continue
		}
		for _, name := range rewrite.names {
			add(3, name)
		}
	}
	trials = slices.DeleteFunc(trials, func(t Trial) bool { return len(t.Names) == 0 })
	if len(trials) == 0 {
		return nil
	}
	return trials
}

// words is the ID as it reads in a list of its dimension: "prefix missing".
func (c Change) words() string {
	_, words, _ := strings.Cut(c.ID, ".")
	return strings.ReplaceAll(words, "-", " ")
}
