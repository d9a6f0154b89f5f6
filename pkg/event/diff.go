package event

import (
	"slices"
	"strconv"
	"strings"
)

// maxDifferences bounds what a [Comparison] lists.
const maxDifferences = 1000

// Change says how a value differs.
type Change string

// The changes.
const (
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
)

// Difference is one value in which two bodies differ. An object or array that only one of them has is one value.
type Difference struct {
	// Path is dotted from the top, array items by their number, as in "data.metadata.attributes.0.value"; empty for the body
	// itself. A dot or backslash in a name has a backslash before it, very long names are cut, and an empty one is two
	// quotation marks. The number of an item that was added is that in the second body, otherwise that in the first.
	Path          string
	Change        Change
	Before, After string // JSON as it is written; empty where there is none
}

// Comparison is what two bodies differ in.
type Comparison struct {
	Differences []Difference // in the order of the first body; what an object gained stands behind its other members
	More        bool         // there are others beyond the 1,000 that are listed
}

// Diff compares two bodies value by value. The order of an object's members, spacing and the escapes of a string make no
// difference; how a number is written does. Items that an array gained or lost are told from those that stayed at its
// beginning and end. A body that is not JSON within the bounds of [Decode] is a [*BodyError].
func Diff(before, after []byte) (Comparison, error) {
	first, err := parse(before, uniqueInEnvelope)
	if err != nil {
		return Comparison{}, err
	}
	second, err := parse(after, uniqueInEnvelope)
	if err != nil {
		return Comparison{}, err
	}
	var found Comparison
	found.compare(first, second, "")
	return found, nil
}

func (c *Comparison) note(d Difference) {
	if c.More = len(c.Differences) == maxDifferences; !c.More {
		c.Differences = append(c.Differences, d)
	}
}

func (c *Comparison) compare(before, after *value, path string) {
	switch shape := before.shape(); {
	case c.More:
	case shape == after.shape() && shape == '{':
		c.objects(before, after, path)
	case shape == after.shape() && shape == '[':
		c.arrays(before.members, after.members, path)
	case !before.equals(after):
		c.note(Difference{Path: path, Change: Changed, Before: before.raw, After: after.raw})
	}
}

func (c *Comparison) objects(before, after *value, path string) {
	old, others := before.byName(), after.byName()
	for i := range before.members {
		member := &before.members[i]
		at := step(path, member.name)
		if other := others[member.name]; other != nil {
			c.compare(&member.value, other, at)
		} else {
			c.note(Difference{Path: at, Change: Removed, Before: member.raw})
		}
	}
	for i := range after.members {
		if member := &after.members[i]; old[member.name] == nil {
			c.note(Difference{Path: step(path, member.name), Change: Added, After: member.raw})
		}
	}
}

// arrays leaves out the items that are equal from either end and compares the rest in their order.
func (c *Comparison) arrays(before, after []member, path string) {
	from, shorter := 0, min(len(before), len(after))
	for from < shorter && before[from].equals(&after[from].value) {
		from++
	}
	stay := 0 // at the end
	for stay < shorter-from && before[len(before)-1-stay].equals(&after[len(after)-1-stay].value) {
		stay++
	}
	before, after = before[:len(before)-stay], after[:len(after)-stay]
	for i := from; i < max(len(before), len(after)); i++ {
		at := step(path, strconv.Itoa(i))
		switch {
		case i >= len(after):
			c.note(Difference{Path: at, Change: Removed, Before: before[i].raw})
		case i >= len(before):
			c.note(Difference{Path: at, Change: Added, After: after[i].raw})
		default:
			c.compare(&before[i].value, &after[i].value, at)
		}
	}
}

// equals tells whether two values say the same.
func (v *value) equals(other *value) bool {
	shape := v.shape()
	switch {
	case v.raw == other.raw:
		return true
	case shape != other.shape(), len(v.members) != len(other.members):
		return false
	case shape == '"':
		return unquote(v.raw) == unquote(other.raw)
	case shape == '[':
		return slices.EqualFunc(v.members, other.members, func(a, b member) bool { return a.equals(&b.value) })
	case shape == '{':
		others := other.byName()
		return !slices.ContainsFunc(v.members, func(m member) bool {
			same := others[m.name]
			return same == nil || !m.equals(same)
		})
	}
	return false // numbers that are written differently; the words have one spelling
}

// byName gives the members of an object, whose names are unique.
func (v *value) byName() map[string]*value {
	named := make(map[string]*value, len(v.members))
	for i := range v.members {
		named[v.members[i].name] = &v.members[i].value
	}
	return named
}

func step(path, name string) string {
	if name == "" {
		return join(path, `""`)
	}
	return join(path, strings.NewReplacer(`\`, `\\`, `.`, `\.`).Replace(shorten(name)))
}
