package forensics

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// maxMemberDepth bounds how often the bytes of a deep value are moved: once per level.
const maxMemberDepth = 64

// member is one name and value of an object; both indexes are into the text being written.
type member struct {
	name       string // decoded, as escapes make no other name
	begin, end int
	position   int // among the members as they came
}

// rearrange appends src, which is valid JSON, with the members of every object in another order. order gets the members
// as they came and returns those to keep. White space, commas and the texts of members stay as they are; a member that
// is left out takes the white space before it along. It returns false when src is nested deeper than maxMemberDepth.
func rearrange(dst, src []byte, order func([]member) []member) ([]byte, bool) {
	r := rearranger{scanner: scanner{src: src}, dst: dst, order: order}
	t, ok := r.read()
	if !ok || !r.value(t, 0) {
		return r.dst, false
	}
	r.dst = append(r.dst, src[r.pos:]...)
	return r.dst, true
}

type rearranger struct {
	scanner
	dst     []byte
	scratch []byte
	order   func([]member) []member
}

// read takes the next token without writing it.
func (r *rearranger) read() (token, bool) {
	t, ok := r.next()
	r.dst = append(r.dst, r.space...)
	return t, ok
}

func (r *rearranger) value(t token, depth int) bool {
	switch {
	case depth > maxMemberDepth:
		return false
	case t.kind == '{':
		return r.object(depth)
	case t.kind == '[':
		return r.array(depth)
	default:
		r.dst = append(r.dst, t.text...)
		return true
	}
}

func (r *rearranger) array(depth int) bool {
	r.dst = append(r.dst, '[')
	for t, ok := r.read(); ok; t, ok = r.read() {
		switch t.kind {
		case ']':
			r.dst = append(r.dst, ']')
			return true
		case ',':
			r.dst = append(r.dst, ',')
		default:
			if !r.value(t, depth+1) {
				return false
			}
		}
	}
	return false
}

func (r *rearranger) object(depth int) bool {
	r.dst = append(r.dst, '{')
	var members []member
	for t, ok := r.read(); ok; t, ok = r.read() {
		switch t.kind {
		case '}':
			r.arrange(members)
			r.dst = append(r.dst, '}')
			return true
		case ',':
			r.dst = append(r.dst, ',')
		case '"':
			m := member{name: decodeName(t.text), begin: len(r.dst), position: len(members)}
			r.dst = append(r.dst, t.text...)
			if t, ok = r.read(); !ok || t.kind != ':' {
				return false
			}
			r.dst = append(r.dst, ':')
			if t, ok = r.read(); !ok || !r.value(t, depth+1) {
				return false
			}
			m.end = len(r.dst)
			members = append(members, m)
		default:
			return false
		}
	}
	return false
}

// arrange puts the members that were written last into their new order.
func (r *rearranger) arrange(members []member) {
	kept := r.order(slices.Clone(members))
	if slices.Equal(kept, members) || len(kept) == 0 {
		return
	}
	begin := members[0].begin
	r.scratch = append(r.scratch[:0], r.dst[begin:]...)
	text := func(from, to int) []byte { return r.scratch[from-begin : to-begin] }
	tail := text(members[len(members)-1].end, len(r.dst))
	r.dst = r.dst[:begin]
	for i, m := range kept {
		if i > 0 {
			r.dst = append(r.dst, text(members[i-1].end, members[i].begin)...)
		}
		r.dst = append(r.dst, text(m.begin, m.end)...)
	}
	r.dst = append(r.dst, tail...)
}

func decodeName(text []byte) string {
	if !slices.Contains(text, '\\') {
		return string(text[1 : len(text)-1])
	}
	var name string
	if json.Unmarshal(text, &name) != nil {
		return string(text)
	}
	return name
}

// sorted orders by name, as Go's maps and Python's sort_keys do.
func sorted(members []member) []member {
	slices.SortStableFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return members
}

// integersFirst orders as JavaScript does: names that are array indexes come first and ascend.
func integersFirst(members []member) []member {
	slices.SortStableFunc(members, func(a, b member) int {
		i, first := arrayIndex(a.name)
		j, second := arrayIndex(b.name)
		switch {
		case first && second:
			return cmp.Compare(i, j)
		case first:
			return -1
		case second:
			return 1
		default:
			return 0
		}
	})
	return members
}

func arrayIndex(name string) (uint64, bool) {
	index, err := strconv.ParseUint(name, 10, 32)
	return index, err == nil && index < 1<<32-1 && strconv.FormatUint(index, 10) == name
}

// lastOfEach keeps of members with the same name the value of the last at the place of the first, as parsers do.
func lastOfEach(members []member) []member {
	place := make(map[string]int, len(members))
	kept := members[:0]
	for _, m := range members {
		if i, twice := place[m.name]; twice {
			kept[i] = m
			continue
		}
		place[m.name] = len(kept)
		kept = append(kept, m)
	}
	return kept
}
