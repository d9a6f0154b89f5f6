package history

import (
	"context"
	"strings"

	"github.com/oklog/ulid/v2"
)

// Add keeps record and returns its id once it is on disk: it survives a crash of the program and of the machine from
// then on. It is safe for concurrent use, and much faster so: records that are added at the same time share a sync.
//
// It returns [ErrQueueFull] at once when too much waits already, [ErrClosed], a [*RecordError] for what cannot be kept
// (one that wraps [ErrExists] for an ID that is kept already), a [*ReadOnlyError], a [*DamagedError], or a [*FileError],
// which wraps [ErrBusy] when another process wrote for too long. When ctx ends first the record may be kept or not.
func (s *Store) Add(ctx context.Context, record Record) (id string, err error) {
	row, learnt, err := s.rows(record)
	if err != nil {
		return "", err
	}
	size := row.size() + learnt.size()
	return row.id, s.write(ctx, size, func(ctx context.Context, t *transaction) error { return t.add(ctx, row, learnt) })
}

// Outcome is what came of one record that was to be added once.
type Outcome struct {
	ID    string // its own, or that of the record that was there before
	Added bool
	Err   error // a [*RecordError] for what cannot be kept
}

// AddOnce adds several records in their order, and returns once they are on disk. It is meant for requests that may be kept
// already, as when a file of captures is read a second time: it adds none that has the time, method, URL, header and body
// of one that is kept, whoever else adds the same at the same time. Other errors are those of [Store.Add]; then none was
// added.
func (s *Store) AddOnce(ctx context.Context, records []Record) ([]Outcome, error) {
	entries := make([]entry, len(records))
	outcomes := make([]Outcome, len(records))
	size := int64(0)
	for i, record := range records {
		if entries[i].row, entries[i].learnt, outcomes[i].Err = s.rows(record); outcomes[i].Err == nil {
			size += entries[i].row.size() + entries[i].learnt.size()
		}
	}
	err := s.write(ctx, size, func(ctx context.Context, t *transaction) (err error) {
		for i, e := range entries {
			if outcomes[i].Err != nil {
				continue
			}
			if outcomes[i].ID, outcomes[i].Added, err = t.addOnce(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return outcomes, nil
}

// entry is a record as SQLite keeps it.
type entry struct {
	row    *row
	learnt learntRows
}

// rows are a record as SQLite keeps it.
func (s *Store) rows(record Record) (*row, learntRows, error) {
	now := s.now()
	made, err := s.ids.of(record, now)
	if err != nil {
		return nil, learntRows{}, err
	}
	row, err := newRow(record, made, now)
	if err != nil {
		return nil, learntRows{}, err
	}
	change := Change{Forwards: record.Forwards}
	if !record.Answer.isZero() {
		change.Answer = &record.Answer
	}
	learnt, err := change.rows(row.id)
	return row, learnt, err
}

// Change is what came to be known about a record after it was added.
type Change struct {
	Answer   *Answer   // takes the place of the former; nil leaves that as it is
	Forwards []Forward // are put behind the former
}

// Update adds to what is known about the record of this id, the full one, and returns once that is on disk. The capture
// itself never changes. Errors are those of [Store.Add] and [*NotFoundError].
func (s *Store) Update(ctx context.Context, id string, change Change) error {
	id = strings.ToUpper(id)
	if _, err := ulid.ParseStrict(id); err != nil {
		return &NotFoundError{id}
	}
	learnt, err := change.rows(id)
	if err != nil {
		return err
	}
	return s.write(ctx, learnt.size(), func(ctx context.Context, t *transaction) error { return t.update(ctx, id, learnt) })
}

func (s *Store) write(ctx context.Context, size int64, do func(context.Context, *transaction) error) error {
	if s.writer == nil {
		return &ReadOnlyError{Path: s.path}
	}
	w := &write{size: size, do: do, done: make(chan error, 1)}
	if err := s.writer.queue.put(w); err != nil {
		return err
	}
	select {
	case err := <-w.done:
		return explain(s.path, err)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
