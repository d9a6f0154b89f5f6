package history

import (
	"context"
	"database/sql"
	"net/url"
)

// lock is held on the lock file: shared by every process that has the store open, exclusively by one that makes it,
// examines it or sets it aside while nobody else has it open. It is a lock of SQLite on an empty database, which the system
// takes back when a process dies.
type lock struct {
	db *sql.DB
}

// lockTimeout is how long SQLite waits for a lock, in milliseconds, before what it is wanted for is looked at anew.
const lockTimeout = "100"

const (
	shared    = "BEGIN; SELECT count(*) FROM sqlite_schema"
	exclusive = "BEGIN EXCLUSIVE"
)

func (p place) lock(ctx context.Context, kind string) (*lock, error) {
	db, err := sql.Open(driverName, uri(p.path+lockEnding)+"?"+url.Values{
		"mode": {"rw"}, "_pragma": {"busy_timeout(" + lockTimeout + ")"},
	}.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, kind); err != nil {
		_ = db.Close()
		return nil, explain(p.path+lockEnding, err)
	}
	return &lock{db}, nil
}

// release ends the transaction with its connection.
func (l *lock) release() error { return l.db.Close() }
