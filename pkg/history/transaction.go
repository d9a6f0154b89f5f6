package history

import (
	"context"
	"database/sql"
	"errors"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// transaction is the one connection that writes, with its statements. A database/sql.Tx would prepare them for each
// transaction anew.
type transaction struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt // by their text
	record   *insert
	answer   *insert
	verify   func() error // that what was committed can be found again by the name of its file
}

const (
	addRecord = "INSERT INTO record (" + rowColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	setAnswer = "INSERT OR REPLACE INTO answer (" + answerColumns + ", record) VALUES (?, ?, ?, ?, ?, ?)"
	// The numbers of forwards go up from 0 for each record.
	addForward = "INSERT INTO forward (" + forwardColumns + ", record, number) VALUES (?, ?, ?, ?, ?, ?, ?7, " +
		"(SELECT coalesce(max(number) + 1, 0) FROM forward WHERE record = ?7))"
	findSeq = "SELECT seq FROM record WHERE id = ?"
	begin   = "BEGIN IMMEDIATE"
	commit  = "COMMIT"
)

func statements() []string {
	all := append(removeListed(), addForward, findSeq, begin, commit)
	for _, kind := range kinds() {
		all = append(all, kind.list())
	}
	return all
}

func newTransaction(ctx context.Context, db *sql.DB, verify func() error) (*transaction, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	t := &transaction{conn: conn, prepared: map[string]*sql.Stmt{}, verify: verify}
	for _, text := range statements() {
		statement, err := conn.PrepareContext(ctx, text)
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.prepared[text] = statement
	}
	if t.record, err = newInsert(ctx, conn, addRecord); err != nil {
		return nil, errors.Join(err, t.close())
	}
	if t.answer, err = newInsert(ctx, conn, setAnswer); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

// close gives the statements free first: with one left, SQLite would neither close the file nor empty its log.
func (t *transaction) close() error {
	var errs []error
	for _, statement := range t.prepared {
		errs = append(errs, statement.Close())
	}
	for _, statement := range []*insert{t.record, t.answer} {
		if statement != nil {
			errs = append(errs, statement.close())
		}
	}
	return errors.Join(append(errs, t.conn.Close())...)
}

// busyTries bounds how often a transaction is begun while other processes write; each try waits for busyTimeout.
const busyTries = 3

func (t *transaction) begin(ctx context.Context) (err error) {
	for range busyTries {
		if _, err = t.prepared[begin].ExecContext(ctx); !isBusy(err) {
			return err
		}
	}
	return err
}

// commit returns once the transaction is on disk, under the name that others open.
func (t *transaction) commit(ctx context.Context) error {
	if _, err := t.prepared[commit].ExecContext(ctx); err != nil {
		t.rollback(ctx)
		return err
	}
	return t.verify()
}

// rollback fails only when SQLite has already undone everything by itself.
func (t *transaction) rollback(ctx context.Context) { _, _ = t.conn.ExecContext(ctx, "ROLLBACK") }

// add writes a record with its answer and forwards.
func (t *transaction) add(ctx context.Context, record *row, learnt learntRows) error {
	result, err := t.record.exec(ctx, record.bound)
	if code(err) == sqlite3.SQLITE_CONSTRAINT {
		return &RecordError{"ID", record.id, ErrExists}
	}
	if err != nil {
		return err
	}
	seq, err := result.LastInsertId()
	if err != nil {
		return err
	}
	return t.learn(ctx, seq, learnt)
}

// findSame looks among the records of one event and, where the time is known, one millisecond; the index has both.
const findSame = "SELECT id FROM record WHERE event_id = ? AND id >= ? AND id < ? AND time IS ? " +
	"AND method = ? AND url = ? AND header = ? AND body = ? LIMIT 1"

// same gives the id of a record of the same request, or nothing.
func (t *transaction) same(ctx context.Context, r *row) (id string, err error) {
	from, to := "", afterAll
	if at, known := r.time.(int64); known {
		from, to = firstID(time.Unix(0, at)), firstID(time.Unix(0, at).Add(time.Millisecond))
	}
	err = t.conn.QueryRowContext(ctx, findSame, r.eventID, from, to, r.time, r.method, r.url, r.header, r.body).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func (t *transaction) addOnce(ctx context.Context, e entry) (id string, added bool, err error) {
	if id, err = t.same(ctx, e.row); err != nil || id != "" {
		return id, false, err
	}
	return e.row.id, true, t.add(ctx, e.row, e.learnt)
}

// update writes what came to be known about a record after it was added.
func (t *transaction) update(ctx context.Context, id string, learnt learntRows) error {
	var seq int64
	err := t.prepared[findSeq].QueryRowContext(ctx, id).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return &NotFoundError{id}
	}
	if err != nil {
		return err
	}
	return t.learn(ctx, seq, learnt)
}

func (t *transaction) learn(ctx context.Context, seq int64, learnt learntRows) error {
	if learnt.answer != nil {
		if _, err := t.answer.exec(ctx, learnt.answer.values(seq)); err != nil {
			return err
		}
	}
	for _, forward := range learnt.forwards {
		if _, err := t.prepared[addForward].ExecContext(ctx, forward.values(seq)...); err != nil {
			return err
		}
	}
	return nil
}
