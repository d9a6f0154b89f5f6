package history

import (
	"context"
	"errors"
	"iter"
	"slices"
)

// pageSize is how many ids List looks up at a time. Between pages it holds no lock, so a slow reader stops nobody.
const pageSize = 256

// List returns the records that q chooses, newest first unless it says otherwise. It holds one of them in memory at a
// time. Of records that are added or removed meanwhile, those that would stand before the one at hand are not noticed.
//
// A [*DamagedError] about one record comes with its ID alone, and the list goes on. Any other error ends it.
func (s *Store) List(ctx context.Context, q Query) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if q.OldestFirst && q.Limit > 0 {
			var err error
			if q, err = s.newest(ctx, q); err != nil {
				yield(Record{}, err)
				return
			}
		}
		for left := q.Limit; ; {
			size := pageSize
			if q.Limit > 0 {
				size = min(left, pageSize)
			}
			ids, err := s.page(ctx, q, size)
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, id := range ids {
				record, err := s.load(ctx, id)
				if removed := (*NotFoundError)(nil); errors.As(err, &removed) {
					continue
				}
				damaged := (*DamagedError)(nil)
				if !yield(record, err) || err != nil && !errors.As(err, &damaged) {
					return
				}
			}
			if left -= len(ids); len(ids) < size || left == 0 {
				return
			}
			if last := ids[len(ids)-1]; q.OldestFirst {
				q.After = last
			} else {
				q.Before = last
			}
		}
	}
}

// newest narrows q to its newest Limit records, so that they can be listed from the oldest of them on.
func (s *Store) newest(ctx context.Context, q Query) (Query, error) {
	c := q.condition()
	beyond, err := s.texts(ctx, "SELECT record.id"+c.from()+" ORDER BY record.id DESC LIMIT 1 OFFSET ?", append(c.values, q.Limit)...)
	if len(beyond) > 0 {
		q.After = beyond[0]
	}
	return q, err
}

func (s *Store) page(ctx context.Context, q Query, size int) ([]string, error) {
	c := q.condition()
	order := " ORDER BY record.id DESC LIMIT ?"
	if q.OldestFirst {
		order = " ORDER BY record.id LIMIT ?"
	}
	return s.texts(ctx, "SELECT record.id"+c.from()+order, append(c.values, size)...)
}

// Count returns how many records q chooses.
func (s *Store) Count(ctx context.Context, q Query) (int, error) {
	c := q.condition()
	var count int
	err := s.db.QueryRowContext(ctx, "SELECT count(*)"+c.from(), c.values...).Scan(&count)
	return count, s.explain(err)
}

// SeenIDs gives the ids of at most limit events that were received last, oldest first: by a listener or through a tunnel,
// with a signature that holds or with no secret to verify it. Forgeries do not count, so nobody can pass a real event off
// as a duplicate.
func (s *Store) SeenIDs(ctx context.Context, limit int) ([]string, error) {
	ids, err := s.texts(ctx, "SELECT event_id FROM record WHERE event_id <> '' AND signature IN (?, ?) AND source IN (?, ?) "+
		"ORDER BY id DESC LIMIT ?",
		string(SignatureValid), string(SignatureUnverified), string(SourceListen), string(SourceTunnel), limit)
	slices.Reverse(ids)
	return ids, err
}

// texts returns the first column of all rows, of which the query has to be bounded.
func (s *Store) texts(ctx context.Context, query string, values ...any) (texts []string, err error) {
	rows, err := s.db.QueryContext(ctx, query, values...)
	if err != nil {
		return nil, s.explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, s.explain(err)
		}
		texts = append(texts, text)
	}
	return texts, s.explain(rows.Err())
}
