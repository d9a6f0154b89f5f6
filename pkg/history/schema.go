package history

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// examineSchema looks for what the checks of SQLite let pass: damage that turns the name of a column into another one, or a
// version into an older one.
func (p place) examineSchema(ctx context.Context, db *sql.DB, version int) error {
	if version < 1 {
		return &DamagedError{Path: p.path, Problem: fmt.Sprintf("its schema has version %d", version)}
	}
	found, err := schemaOf(ctx, db)
	if err != nil {
		return explain(p.path, err)
	}
	want, err := writtenSchema(ctx, version)
	if err != nil {
		return err
	}
	if !slices.Equal(found, want) {
		return &DamagedError{Path: p.path, Problem: fmt.Sprintf("its schema is not that of version %d", version)}
	}
	return nil
}

// schemaOf gives the statements that made the tables and indexes, in an order that does not depend on the file.
func schemaOf(ctx context.Context, db *sql.DB) (statements []string, err error) {
	rows, err := db.QueryContext(ctx, "SELECT type || ' ' || name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var statement string
		if err := rows.Scan(&statement); err != nil {
			return nil, err
		}
		statements = append(statements, statement)
	}
	return statements, rows.Err()
}

// writtenSchema is what a build that knew this version has made.
func writtenSchema(ctx context.Context, version int) (_ []string, err error) {
	db, err := openMemory(rand.Text())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := migrateTo(ctx, conn, 0, version); err != nil {
		return nil, err
	}
	return schemaOf(ctx, db)
}
