package forensics

import (
	"bytes"
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Bodies beyond these sizes in bytes are searched less widely, as each trial costs more.
const (
	pairsUpTo   = 128 << 10 // no two changes of the body at once beyond it
	mixedUpTo   = 2 << 20   // no change of the body together with another one beyond it
	rewrittenTo = 16 << 20  // no change of the body beyond it
)

// search holds what all workers read and none changes while they run.
type search struct {
	body         []byte
	source       func() source // the body, inspected when first needed
	targets      []target
	combinations [][maxChanges + 1][]combination // of each target
	rewrites     []rewrite
	styles       []escaping
	seed         maphash.Seed
	sums         []uint64            // of each rewrite: the hash of what it makes of body, 0 when that is nothing new
	known        map[uint64]struct{} // all of sums, and the body itself
	workers      int
	progress     *progress
	rewritten    []bool               // of each rewrite: a signature was computed over what it makes of body
	done         [maxChanges + 1]bool // of each number of changes: all combinations with the body as it is were tried
}

// hit is a proof: the signature of signed is the one of the header.
type hit struct {
	first, second int // indexes of the rewrites that led to signed, first applied first; -1 for none
	target, sum   int
	combination   combination
	between       []byte // the body after the first rewrite
	signed        []byte
}

// run searches by number of changes, fewest first, and returns the first proof in the order of the lists, whatever
// worker comes upon one earlier. It stops when ctx ends.
func (s *search) run(ctx context.Context) (found *hit, signatures int) {
	for changes := range maxChanges + 1 {
		hit, count := s.level(ctx, changes)
		signatures += count
		if hit != nil || ctx.Err() != nil {
			return hit, signatures
		}
		if changes == 1 {
			s.remember()
		}
	}
	return nil, signatures
}

// units of a level: the body as it is, then each rewrite of it.
func (s *search) units(changes int) int {
	if changes == 0 || len(s.body) > rewrittenTo {
		return 1
	}
	return 1 + len(s.rewrites)
}

func (s *search) level(ctx context.Context, changes int) (*hit, int) {
	units := s.units(changes)
	hits := make([]*hit, units)
	var next, count atomic.Int64
	var best atomic.Int64
	best.Store(int64(units))
	var group sync.WaitGroup
	for range min(s.workers, units) {
		group.Go(func() {
			w := &worker{search: s, signer: newSigner()}
			defer func() { count.Add(int64(w.signer.count)) }()
			for unit := next.Add(1) - 1; unit < best.Load() && ctx.Err() == nil; unit = next.Add(1) - 1 {
				if hits[unit] = w.unit(ctx, int(unit), changes); hits[unit] != nil {
					lower(&best, unit)
				}
				s.progress.step()
			}
		})
	}
	group.Wait()
	for _, hit := range hits {
		if hit != nil {
			return hit, int(count.Load())
		}
	}
	return nil, int(count.Load())
}

func lower(best *atomic.Int64, unit int64) {
	for {
		old := best.Load()
		if unit >= old || best.CompareAndSwap(old, unit) {
			return
		}
	}
}

// remember makes later levels skip what the first one has tried.
func (s *search) remember() {
	s.known = map[uint64]struct{}{maphash.Bytes(s.seed, s.body): {}}
	for i, sum := range s.sums {
		if _, twice := s.known[sum]; twice {
			s.sums[i] = 0
		}
		s.known[sum] = struct{}{}
	}
}

// worker searches one unit after another, in buffers of its own.
type worker struct {
	*search
	signer        *signer
	first, second []byte
}

func (w *worker) unit(ctx context.Context, unit, changes int) *hit {
	if unit == 0 {
		hit := w.try(ctx, w.body, changes)
		w.done[changes] = ctx.Err() == nil
		return hit
	}
	first := unit - 1
	if changes > 1 && (w.sums[first] == 0 || len(w.body) > mixedUpTo) {
		return nil
	}
	body, ok := w.rewrites[first].apply(w.first[:0], w.source())
	w.first = body[:0]
	if !ok || bytes.Equal(body, w.body) {
		return nil
	}
	if changes == 1 {
		w.sums[first] = maphash.Bytes(w.seed, body)
	}
	before := w.signer.count
	hit := w.try(ctx, body, changes-1)
	w.rewritten[first] = w.rewritten[first] || w.signer.count > before
	if hit != nil {
		hit.first = first
		return hit
	}
	if changes == 1 || len(w.body) > pairsUpTo {
		return nil
	}
	return w.pairs(ctx, first, body, changes-2)
}

// pairs applies every other rewrite to what the first one made.
func (w *worker) pairs(ctx context.Context, first int, body []byte, changes int) *hit {
	from := inspect(body, w.styles, w.seed, func() bool { return ctx.Err() != nil })
	tried := map[uint64]struct{}{}
	for second, rewrite := range w.rewrites {
		if ctx.Err() != nil {
			return nil
		}
		if !rewrite.follows(w.rewrites[first]) {
			continue
		}
		signed, ok := rewrite.apply(w.second[:0], from)
		w.second = signed[:0]
		if !ok {
			continue
		}
		sum := maphash.Bytes(w.seed, signed)
		if _, twice := w.known[sum]; twice {
			continue
		}
		if _, twice := tried[sum]; twice {
			continue
		}
		tried[sum] = struct{}{}
		if hit := w.try(ctx, signed, changes); hit != nil {
			hit.first, hit.second, hit.between = first, second, bytes.Clone(body)
			return hit
		}
	}
	return nil
}

// try compares the signatures of a body under all combinations of so many changes with those of the header.
func (w *worker) try(ctx context.Context, body []byte, changes int) *hit {
	for i, target := range w.targets {
		cost := changes - min(target.cost, maxChanges)
		if cost < 0 {
			continue
		}
		for _, c := range w.combinations[i][cost] {
			if ctx.Err() != nil {
				return nil
			}
			made := w.signer.sign(target.algorithm, c.layout, c.key.value, c.clock.text, body)
			for j, sum := range target.sums {
				if bytes.Equal(made, sum) {
					return &hit{first: -1, second: -1, target: i, sum: j, combination: c, signed: bytes.Clone(body)}
				}
			}
		}
	}
	return nil
}
