package forensics

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"slices"
	"unicode/utf8"
)

// rewrite is one way to get from the body that was received back to one that may have been signed.
type rewrite struct {
	names []string // what is tried, in words
	kind  kind
	// apply appends the other body to dst; false when it does not apply to such a body or would outgrow its bound.
	apply func(dst []byte, from source) ([]byte, bool)
	// describe says what happened, once the signature proved that signed is what was signed.
	describe func(signed, received []byte) Change
}

// kind keeps pairs from being tried that one of them alone covers.
type kind uint8

const (
	kindForm  kind = iota // writes all of a JSON text anew, so of two only the last counts
	kindBytes             // anything else
	kindFixed             // does not depend on the body
)

// follows reports whether trying r on the result of first can give anything new.
func (r rewrite) follows(first rewrite) bool {
	return r.kind != kindFixed && first.kind != kindFixed && (r.kind != kindForm || first.kind != kindForm)
}

// rewrites lists all of them, the more ordinary first: of two that give the same bytes the first is named.
func rewrites(orders keyOrders) []rewrite {
	all := lineRewrites()
	all = append(all, formRewrites()...)
	all = append(all, valueRewrites(orders)...)
	all = append(all, textRewrites()...)
	all = append(all, wrapRewrites()...)
	all = append(all, quoteRewrites()...)
	return append(all, fixedRewrites()...)
}

// fixed describes every use of a rewrite by the same change.
func fixed(id, cause, hint string) func(signed, received []byte) Change {
	return func([]byte, []byte) Change {
		return Change{ID: id, Dimension: DimensionBody, Cause: cause, Hint: hint}
	}
}

// source is a body with what many rewrites want to know of it.
type source struct {
	body   []byte
	utf8   bool
	ascii  bool
	json   bool
	styles uint32      // bit i: escapings()[i] writes this body as no earlier one does
	stop   func() bool // long rewrites give up when it says so; nil never does
}

func inspect(body []byte, styles []escaping, seed maphash.Seed, stop func() bool) source {
	s := source{body: body, stop: stop, utf8: utf8.Valid(body), ascii: isASCII(body), json: json.Valid(body)}
	if !s.json {
		return s
	}
	var seen [32]uint64
	var scratch []byte
	for i, style := range styles {
		if i > 0 && style.agrees(body) {
			continue
		}
		out, ok := form{spacing: spacing{keep: true}, escaping: style, stop: stop}.render(scratch[:0], body)
		scratch = out
		if sum := maphash.Bytes(seed, out); ok && !slices.Contains(seen[:i], sum) {
			s.styles |= 1 << i
			seen[i] = sum
		}
	}
	return s
}

func isASCII(body []byte) bool {
	for _, b := range body {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func formRewrites() []rewrite {
	var all []rewrite
	for _, f := range forms() {
		style := uint32(1) << f.style
		all = append(all, rewrite{
			names: []string{f.spacing.name, f.escaping.name},
			kind:  kindForm,
			apply: func(dst []byte, from source) ([]byte, bool) {
				if !from.json || from.styles&style == 0 {
					return dst, false
				}
				stoppable := f
				stoppable.stop = from.stop
				return stoppable.render(dst, from.body)
			},
			describe: func(signed, received []byte) Change { return reformatted(f, signed, received) },
		})
	}
	return all
}

func bytesRewrite(name string, apply func(dst, body []byte) []byte, describe func(signed, received []byte) Change) rewrite {
	return rewrite{
		names:    []string{name},
		kind:     kindBytes,
		apply:    func(dst []byte, from source) ([]byte, bool) { return apply(dst, from.body), true },
		describe: describe,
	}
}

func trimmed(name string, trim func([]byte) []byte, describe func(signed, received []byte) Change) rewrite {
	return bytesRewrite(name, func(dst, body []byte) []byte { return append(dst, trim(body)...) }, describe)
}

func suffixed(name, suffix string, describe func(signed, received []byte) Change) rewrite {
	return bytesRewrite(name, func(dst, body []byte) []byte { return append(append(dst, body...), suffix...) }, describe)
}

func prefixed(name, prefix string, describe func(signed, received []byte) Change) rewrite {
	return bytesRewrite(name, func(dst, body []byte) []byte { return append(append(dst, prefix...), body...) }, describe)
}

// withoutLineBreaks appends body without any CR or LF.
func withoutLineBreaks(dst, body []byte) []byte {
	for len(body) > 0 {
		i := bytes.IndexAny(body, "\r\n")
		if i < 0 {
			return append(dst, body...)
		}
		dst = append(dst, body[:i]...)
		body = body[i+1:]
	}
	return dst
}
