package history

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// driverName is the name under which modernc.org/sqlite registers itself.
const driverName = "sqlite"

// busyTimeout is how long SQLite itself waits for another process, in milliseconds.
const busyTimeout = "5000"

// connections are one for the writer and the others for readers.
const connections = 5

// openDatabase opens the file at path, an absolute one, and makes none. Nothing is read or locked before the first use.
func openDatabase(path, mode string) (*sql.DB, error) {
	return open(path, url.Values{"mode": {mode}})
}

// openMemory opens a database that all connections share and that is gone with the last of them.
func openMemory(name string) (*sql.DB, error) {
	return open("/"+name, url.Values{"vfs": {"memdb"}})
}

func open(path string, parameters url.Values) (*sql.DB, error) {
	// FULL syncs at every commit, and fullfsync makes that reach the disk on macOS too.
	parameters["_pragma"] = []string{
		"busy_timeout(" + busyTimeout + ")", "synchronous(FULL)", "fullfsync(1)", "foreign_keys(1)", "trusted_schema(0)",
		"cell_size_check(1)", "secure_delete(FAST)", "journal_size_limit(67108864)",
	}
	db, err := sql.Open(driverName, uri(path)+"?"+parameters.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// uri escapes what SQLite would take for the end of the name.
func uri(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // a drive letter
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// code is the primary result code of SQLite, and SQLITE_OK when err comes from elsewhere.
func code(err error) int {
	if failed := (*sqlite.Error)(nil); errors.As(err, &failed) {
		return failed.Code() & 0xff
	}
	return sqlite3.SQLITE_OK
}

func isBusy(err error) bool {
	return code(err) == sqlite3.SQLITE_BUSY || code(err) == sqlite3.SQLITE_LOCKED
}

// explain gives errors of SQLite the type that tells a caller what to do.
func explain(path string, err error) error {
	switch code(err) {
	case sqlite3.SQLITE_OK:
		return err
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return &DamagedError{Path: path, Problem: err.Error()}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return &ReadOnlyError{path, err}
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return &FileError{path, ErrBusy}
	default:
		return &FileError{path, err}
	}
}

func pragma(ctx context.Context, db *sql.DB, name string) (value int, err error) {
	err = db.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value)
	return value, err
}
