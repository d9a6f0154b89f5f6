package history

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
)

// largestExamined is the size in bytes up to which a store is read as a whole before it is used: a second's work. Damage
// in a larger one is found where it is read.
const largestExamined = 128 << 20

// examine returns a [*DamagedError] when the store is not as it was left. Nobody else may have it open.
func (p place) examine(ctx context.Context) error {
	switch size := p.size(""); {
	case size < 0:
		return &DamagedError{Path: p.path, Problem: "its main file is gone"}
	case size == 0:
		return &DamagedError{Path: p.path, Problem: "it is empty"}
	}
	if err := p.examineLog(); err != nil {
		return err
	}
	mode := "ro" // otherwise its closing would write the log into a file that was found damaged
	if p.size(journalEnding) > 0 {
		mode = "rw" // to undo what another program had begun
	}
	db, err := openDatabase(p.path, mode)
	if err != nil {
		return err
	}
	return errors.Join(p.examineDatabase(ctx, db), explain(p.path, db.Close()))
}

func (p place) examineDatabase(ctx context.Context, db *sql.DB) error {
	version, err := checkVersion(ctx, db, p.path)
	if err != nil {
		return err
	}
	if err := p.examineSchema(ctx, db, version); err != nil {
		return err
	}
	if p.size("")+p.size(logEnding) > largestExamined {
		return nil
	}
	var finding string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&finding); err != nil {
		return explain(p.path, err)
	}
	if finding != "ok" {
		return &DamagedError{Path: p.path, Problem: oneLine(finding)}
	}
	return p.examineReferences(ctx, db)
}

// examineReferences looks for answers and forwards whose record is not there: damage to a key that left it in its order.
func (p place) examineReferences(ctx context.Context, db *sql.DB) error {
	var table, parent string
	var row, key any
	err := db.QueryRowContext(ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return explain(p.path, err)
	default:
		return &DamagedError{Path: p.path, Problem: "its table " + table + " has a row of no " + parent}
	}
}

// oneLine is a finding of SQLite without its heading and its line feeds.
func oneLine(finding string) string {
	lines := strings.Split(strings.TrimSpace(finding), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "***") }), "; ")
}
