package history

import (
	"context"
	"database/sql"
	"time"
)

// pruneStep is how many records one transaction removes, so that others need not wait long.
const pruneStep = 256

// Prune removes records until no limit of keep is exceeded, and gives their space back to the system. What is too old goes
// whatever it is; beyond the number and the size the oldest replays go, and only when there is none the oldest of what was
// received or imported. It returns how many went. Errors are those of [Store.Add].
func (s *Store) Prune(ctx context.Context, keep Retention) (int, error) {
	removed := 0
	for {
		var step int
		err := s.write(ctx, 0, func(ctx context.Context, t *transaction) (err error) {
			step, _, err = t.prune(ctx, keep, s.now())
			return err
		})
		if err != nil {
			return removed, err
		}
		removed += step
		if step == 0 {
			break
		}
	}
	if removed == 0 {
		return 0, nil
	}
	return removed, s.write(ctx, 0, func(ctx context.Context, t *transaction) error { return t.shrink(ctx) })
}

// Surplus is about what [Store.Prune] would remove.
type Surplus struct {
	Records        int
	Oldest, Newest string // their ids; empty when there is none
}

// Surplus tells what Prune would remove now, and removes nothing. Where keep limits the bytes the number is an estimate.
func (s *Store) Surplus(ctx context.Context, keep Retention) (Surplus, error) {
	limits, err := measure(ctx, s.db, keep, s.now())
	if err != nil || limits.none() {
		return Surplus{}, s.explain(err)
	}
	var found Surplus
	for _, kind := range kinds() {
		var records, bytes int64
		var first, last string
		err := s.db.QueryRowContext(ctx, countOldest+kind.oldest(), limits.values(-1)...).Scan(&records, &bytes, &first, &last)
		if err != nil {
			return Surplus{}, s.explain(err)
		}
		found.add(Surplus{int(records), first, last})
		limits.surplus -= records
		limits.excess -= bytes
	}
	return found, nil
}

func (s *Surplus) add(other Surplus) {
	switch {
	case other.Records == 0:
		return
	case s.Records == 0:
		*s = other
		return
	}
	s.Records += other.Records
	s.Oldest, s.Newest = min(s.Oldest, other.Oldest), max(s.Newest, other.Newest)
}

// prune removes up to pruneStep records of one kind, those that were added first. It tells how many, 0 when nothing is to
// go, and whether there may be more to go.
func (t *transaction) prune(ctx context.Context, keep Retention, now time.Time) (removed int, more bool, err error) {
	limits, err := measure(ctx, t.conn, keep, now)
	if err != nil || limits.none() {
		return 0, false, err
	}
	for _, kind := range kinds() {
		removed, err = t.remove(ctx, kind, limits)
		if err != nil || removed > 0 {
			return removed, kind == replays || removed == pruneStep, err
		}
	}
	return 0, false, nil
}

// remove takes away the records of one kind that are beyond the limits. What belongs to them goes first: left to the foreign
// keys, which look for it record by record, it would take most of the time.
func (t *transaction) remove(ctx context.Context, of kind, limits limits) (int, error) {
	var seqs string
	var count int
	err := t.prepared[of.list()].QueryRowContext(ctx, limits.values(pruneStep)...).Scan(&seqs, &count)
	if err != nil || count == 0 {
		return 0, err
	}
	for _, rows := range removeListed() {
		if _, err := t.prepared[rows].ExecContext(ctx, seqs); err != nil {
			return 0, err
		}
	}
	return count, nil
}

// limits are a retention as it applies to the store now.
type limits struct {
	stale   int64 // unix milliseconds; what was added before goes, 0 when nothing is so old
	surplus int64 // records
	excess  int64 // bytes
}

func (l limits) none() bool { return l.stale == 0 && l.surplus <= 0 && l.excess <= 0 }

// values stand for the question marks of kind.oldest; -1 for the step looks at all records.
func (l limits) values(step int) []any { return []any{rowOverhead, step, l.stale, l.surplus, l.excess} }

// querier is a database or one connection to it.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func measure(ctx context.Context, from querier, keep Retention, now time.Time) (limits, error) {
	var l limits
	if keep.Bytes > 0 {
		if err := from.QueryRowContext(ctx, usedBytes).Scan(&l.excess); err != nil {
			return limits{}, err
		}
		l.excess -= keep.Bytes
	}
	if keep.Count > 0 {
		if err := from.QueryRowContext(ctx, "SELECT count(*) FROM record").Scan(&l.surplus); err != nil {
			return limits{}, err
		}
		l.surplus -= int64(keep.Count)
	}
	if keep.Age > 0 {
		stale := now.Add(-keep.Age).UnixMilli()
		var first int64
		if err := from.QueryRowContext(ctx, firstKept, stale, pruneStep).Scan(&first); err != nil {
			return limits{}, err
		}
		if first < stale {
			l.stale = stale
		}
	}
	return l, nil
}

// firstKept is when the first of the oldest records was added; where there is none, it is the first of its arguments. Most
// often none is too old, and then nothing else has to be looked at.
const firstKept = "SELECT coalesce(min(kept), ?1) FROM (SELECT kept FROM record ORDER BY seq LIMIT ?2)"

// kind is a condition on records that go together. A replay can be made again, what was received cannot: however many
// replays there are, they push out none of the others.
type kind string

const (
	replays  kind = "source = 'replay'" // has an index of its own
	received kind = "source <> 'replay'"
)

// kinds are in the order in which they go.
func kinds() []kind { return []kind{replays, received} }

// oldest looks at the oldest records of the kind alone: number counts them from 1, and before is what those above it take.
func (k kind) oldest() string {
	return ` FROM (
		SELECT seq, id, kept, size, row_number() OVER (ORDER BY seq) AS number, sum(size) OVER (ORDER BY seq) - size AS before
		FROM (SELECT seq, id, kept, length(header) + length(body) + ?1 AS size FROM record WHERE ` + string(k) + ` ORDER BY seq LIMIT ?2)
	) WHERE kept < ?3 OR number <= ?4 OR before < ?5`
}

const countOldest = "SELECT count(*), coalesce(sum(size), 0), coalesce(min(id), ''), coalesce(max(id), '')"

// list finds the records of the kind that are to go, as a JSON array, and how many they are.
func (k kind) list() string { return "SELECT json_group_array(seq), count(*)" + k.oldest() }

// removeListed are the statements that take away the records in a JSON array.
func removeListed() []string {
	const listed = " IN (SELECT value FROM json_each(?))"
	return []string{
		"DELETE FROM forward WHERE record" + listed, "DELETE FROM answer WHERE record" + listed, "DELETE FROM record WHERE seq" + listed,
	}
}

// usedBytes is the size of the store without its free pages.
const usedBytes = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"

// shrink gives free pages back to the system.
func (t *transaction) shrink(ctx context.Context) error {
	_, err := t.conn.ExecContext(ctx, "PRAGMA incremental_vacuum")
	return err
}
