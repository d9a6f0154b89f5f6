package history

import (
	"context"
	"time"
)

// pruneStep is how many records one transaction removes, so that others need not wait long.
const pruneStep = 256

// Prune removes records, the oldest first, until no limit of keep is exceeded, and gives their space back to the system.
// It returns how many went. Errors are those of [Store.Add].
func (s *Store) Prune(ctx context.Context, keep Retention) (int, error) {
	removed := 0
	for {
		var step int
		err := s.write(ctx, 0, func(ctx context.Context, t *transaction) (err error) {
			step, err = t.prune(ctx, keep, s.now())
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

// prune removes up to pruneStep records, those that were added first, and tells how many. It returns 0 when nothing is
// to go.
func (t *transaction) prune(ctx context.Context, keep Retention, now time.Time) (int, error) {
	var excess, surplus int64 // bytes, records
	if keep.Bytes > 0 {
		used, err := t.used(ctx)
		if err != nil {
			return 0, err
		}
		excess = used - keep.Bytes
	}
	if keep.Count > 0 {
		var count int64
		if err := t.conn.QueryRowContext(ctx, "SELECT count(*) FROM record").Scan(&count); err != nil {
			return 0, err
		}
		surplus = count - int64(keep.Count)
	}
	var stale int64 // unix milliseconds
	if keep.Age > 0 {
		stale = now.Add(-keep.Age).UnixMilli()
	}
	if excess <= 0 && surplus <= 0 && stale == 0 {
		return 0, nil
	}
	result, err := t.conn.ExecContext(ctx, removeOldest, rowOverhead, pruneStep, stale, surplus, excess)
	if err != nil {
		return 0, err
	}
	removed, err := result.RowsAffected()
	return int(removed), err
}

// removeOldest looks at the oldest records alone: number counts them from 1, and before is what those above it take.
const removeOldest = `DELETE FROM record WHERE seq IN (
	SELECT seq FROM (
		SELECT seq, kept, row_number() OVER (ORDER BY seq) AS number, sum(size) OVER (ORDER BY seq) - size AS before
		FROM (SELECT seq, kept, length(header) + length(body) + ?1 AS size FROM record ORDER BY seq LIMIT ?2)
	) WHERE kept < ?3 OR number <= ?4 OR before < ?5
)`

// used is the size of the store without its free pages, in bytes.
func (t *transaction) used(ctx context.Context) (bytes int64, err error) {
	const text = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
	err = t.conn.QueryRowContext(ctx, text).Scan(&bytes)
	return bytes, err
}

// shrink gives free pages back to the system.
func (t *transaction) shrink(ctx context.Context) error {
	_, err := t.conn.ExecContext(ctx, "PRAGMA incremental_vacuum")
	return err
}
