package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	sqlite3 "modernc.org/sqlite/lib"
)

// Get returns the record that ref names: "last" for the newest, an id or the beginning of one, upper and lower case
// alike, or the id of an event or the beginning of one, for which the newest record of that event stands. Where no id
// begins so, ref is the end of one, of at least 4 characters: ids that were made at the same time differ there.
//
// It returns a [*NotFoundError], an [*AmbiguousError] when ref stands for more than one id, or a [*DamagedError].
func (s *Store) Get(ctx context.Context, ref string) (Record, error) {
	id, err := s.resolve(ctx, ref)
	if err != nil {
		return Record{}, err
	}
	return s.load(ctx, id)
}

const (
	maxCandidates = 10 // that an AmbiguousError lists
	shortestEnd   = 4  // characters of an id that name it
)

func (s *Store) resolve(ctx context.Context, ref string) (string, error) {
	exact, err := s.exact(ctx, ref)
	if err != nil {
		return "", err
	}
	if len(exact) > 0 {
		return exact[0], nil
	}
	if ref == "" {
		return "", &NotFoundError{ref}
	}
	records, events, err := s.beginning(ctx, ref)
	if err == nil && len(records)+len(events) == 0 && utf8.RuneCountInString(ref) >= shortestEnd {
		records, events, err = s.ending(ctx, ref)
	}
	if err != nil {
		return "", err
	}
	switch found := slices.Concat(records, events); {
	case len(found) == 0:
		return "", &NotFoundError{ref}
	case len(found) > 1:
		return "", &AmbiguousError{ref, found[:min(len(found), maxCandidates)], len(found) > maxCandidates}
	case len(records) == 1:
		return records[0], nil
	default:
		return s.resolve(ctx, events[0])
	}
}

// beginning finds the ids of records, newest first, and of events that begin with ref.
func (s *Store) beginning(ctx context.Context, ref string) (records, events []string, err error) {
	id := strings.ToUpper(ref)
	records, err = s.texts(ctx, "SELECT id FROM record WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
		id, id+afterAll, maxCandidates+1)
	if err != nil {
		return nil, nil, err
	}
	events, err = s.texts(ctx, "SELECT DISTINCT event_id FROM record WHERE event_id >= ? AND event_id < ? ORDER BY event_id LIMIT ?",
		ref, ref+afterAll, maxCandidates+1)
	return records, events, err
}

// ending finds those that end with it. It reads the indexes alone.
func (s *Store) ending(ctx context.Context, ref string) (records, events []string, err error) {
	records, err = s.texts(ctx, "SELECT id FROM record WHERE substr(id, -length(?1)) = ?1 ORDER BY id DESC LIMIT ?2",
		strings.ToUpper(ref), maxCandidates+1)
	if err != nil {
		return nil, nil, err
	}
	events, err = s.texts(ctx, "SELECT DISTINCT event_id FROM record WHERE substr(event_id, -length(?1)) = ?1 ORDER BY event_id LIMIT ?2",
		ref, maxCandidates+1)
	return records, events, err
}

// afterAll sorts behind everything that an id may go on with.
const afterAll = "\U0010FFFF"

// exact finds what a ref names without being shortened: none or one.
func (s *Store) exact(ctx context.Context, ref string) ([]string, error) {
	if ref == "last" {
		return s.texts(ctx, "SELECT id FROM record ORDER BY id DESC LIMIT 1")
	}
	return s.texts(ctx, "SELECT id FROM record WHERE event_id = ? AND event_id <> '' ORDER BY id DESC LIMIT 1", ref)
}

// load reads a record by its full id. The Record of a DamagedError has its ID alone.
func (s *Store) load(ctx context.Context, id string) (Record, error) {
	var row row
	var seq int64
	err := s.db.QueryRowContext(ctx, "SELECT seq, "+rowColumns+" FROM record WHERE id = ?", id).Scan(append([]any{&seq}, row.targets()...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, &NotFoundError{id}
	}
	var record Record
	if err == nil {
		record, err = row.record()
	}
	if err == nil {
		err = s.loadAnswer(ctx, seq, &record)
	}
	if err == nil {
		err = s.loadForwards(ctx, seq, &record)
	}
	if err != nil {
		return Record{ID: id}, s.recordError(ctx, id, err)
	}
	return record, nil
}

// recordError tells damage of one record, a wrong checksum or a column of another type, from other failures.
func (s *Store) recordError(ctx context.Context, id string, err error) error {
	if code(err) != sqlite3.SQLITE_OK || ctx.Err() != nil || s.closed.Load() {
		return s.explain(err)
	}
	return &DamagedError{Path: s.path, Record: id, Problem: err.Error()}
}

func (s *Store) loadAnswer(ctx context.Context, seq int64, record *Record) error {
	var row answerRow
	err := s.db.QueryRowContext(ctx, "SELECT "+answerColumns+" FROM answer WHERE record = ?", seq).Scan(row.targets()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		record.Answer, err = row.answer(record.ID)
	}
	return err
}

func (s *Store) loadForwards(ctx context.Context, seq int64, record *Record) (err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT "+forwardColumns+", number FROM forward WHERE record = ? ORDER BY number", seq)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row forwardRow
		var number int
		if err := rows.Scan(append(row.targets(), &number)...); err != nil {
			return err
		}
		if number != len(record.Forwards) {
			return fmt.Errorf("forward %d stands in the place of forward %d", number, len(record.Forwards))
		}
		forward, err := row.forward(record.ID)
		if err != nil {
			return err
		}
		record.Forwards = append(record.Forwards, forward)
	}
	return rows.Err()
}
