package forensics

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// keyOrders knows for a set of names in which order an object of a sample has them.
type keyOrders map[string][]string

// learn reads the objects of all samples that are valid JSON. Of two orders for the same names the first is kept.
func learn(samples [][]byte) keyOrders {
	orders := keyOrders{}
	for _, sample := range samples {
		if !json.Valid(sample) {
			continue
		}
		_, _ = rearrange(nil, sample, func(members []member) []member {
			names := make([]string, len(members))
			for i, m := range members {
				names[i] = m.name
			}
			if key := nameSet(names); orders[key] == nil {
				orders[key] = names
			}
			return members
		})
	}
	return orders
}

func nameSet(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return strings.Join(names, "\x00")
}

// restore puts members whose names a sample has into the order of that sample.
func (o keyOrders) restore(members []member) []member {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.name
	}
	order := o[nameSet(names)]
	if order == nil {
		return members
	}
	slices.SortStableFunc(members, func(a, b member) int {
		return slices.Index(order, a.name) - slices.Index(order, b.name)
	})
	return members
}

const (
	hintSender = "sign the very bytes that are sent: serialise once, sign that text and send that text"
	byMap      = ", as a map, sort_keys or a jsonb column does"
)

// valueRewrites undo what parsing loses of a JSON text, as far as what was received still holds it.
func valueRewrites(orders keyOrders) []rewrite {
	parsed := func(id, cause, hint string) func(signed, received []byte) Change {
		return func([]byte, []byte) Change {
			return Change{ID: id, Dimension: DimensionBody, Cause: cause, Hint: hint, Parsed: true}
		}
	}
	reordering := func(name string, order func([]member) []member, describe func(signed, received []byte) Change) rewrite {
		return rewrite{names: []string{name}, kind: kindBytes, describe: describe, apply: func(dst []byte, from source) ([]byte, bool) {
			if !from.json || len(from.body) > mixedUpTo || bytes.IndexByte(from.body, '{') < 0 {
				return dst, false
			}
			return rearrange(dst, from.body, order)
		}}
	}
	return []rewrite{
		reordering("with keys in the documented order", orders.restore, parsed("json.key-order",
			"the keys were put into another order than the documented one, in which they were signed"+byMap, hintRaw)),
		reordering("with sorted keys", sorted, parsed("json.keys-sorted",
			"the body was signed with its keys sorted"+byMap+", and came with them in another order", hintSender)),
		reordering("with integer keys first", integersFirst, parsed("json.integer-keys",
			"the body was signed with integer-like keys first, as JavaScript orders them, and came with them elsewhere", hintSender)),
		reordering("without duplicate keys", lastOfEach, parsed("json.duplicate-keys",
			"the body was signed without the duplicate keys it came with: what was signed had been parsed", hintSender)),
		{
			names: []string{"with numbers as JavaScript writes them"}, kind: kindBytes,
			apply: func(dst []byte, from source) ([]byte, bool) {
				if !from.json {
					return dst, false
				}
				return rewriteNumbers(dst, from.body), true
			},
			describe: parsed("json.numbers",
				"numbers were signed as JavaScript writes them (1, not 1.0) and came in another form", hintRaw),
		},
		{
			names: []string{"as JSON.stringify(JSON.parse(body))"}, kind: kindBytes, apply: stringify,
			describe: parsed("json.stringified", "the signature is over JSON.stringify(JSON.parse(body)), not over the body", hintSender),
		},
	}
}

// stringify does to a body all that JavaScript does when it parses and writes it.
func stringify(dst []byte, from source) ([]byte, bool) {
	if !from.json || len(from.body) > mixedUpTo {
		return dst, false
	}
	plain := form{spacing: spacings()[1], escaping: escapings()[1]}
	text, ok := plain.render(nil, from.body)
	if !ok {
		return dst, false
	}
	text, ok = rearrange(nil, rewriteNumbers(nil, text), func(members []member) []member {
		return integersFirst(lastOfEach(members))
	})
	return append(dst, text...), ok
}
