package history

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
)

//go:embed migrations/*.sql
var migrations embed.FS

// The newest version of the schema, and so the number of the last file in migrations.
const schemaVersion = 2

// applicationID marks a file as ours: "pbhk".
const applicationID = 0x7062686b

// checkVersion returns the version of the file, before anything is written, and an error when it is not for this build.
func checkVersion(ctx context.Context, db *sql.DB, path string) (int, error) {
	application, err := pragma(ctx, db, "application_id")
	if err != nil {
		return 0, explain(path, err)
	}
	if application != applicationID {
		return 0, &FileError{path, ErrForeign}
	}
	found, err := pragma(ctx, db, "user_version")
	if err != nil {
		return 0, explain(path, err)
	}
	if found > schemaVersion {
		return 0, &VersionError{Path: path, Found: found, Known: schemaVersion}
	}
	return found, nil
}

// migrate brings a schema of an older version to that of this build. Processes that do so at once wait for each other.
func migrate(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err = migrateFrom(ctx, conn)
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // SQLite may have done so itself
	}
	return err
}

// migrateFrom runs every script above the version that stands once the write lock is held.
func migrateFrom(ctx context.Context, conn *sql.Conn) error {
	var version int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	return migrateTo(ctx, conn, version, schemaVersion)
}

// migrateTo runs the scripts above version, up to that of last.
func migrateTo(ctx context.Context, conn *sql.Conn, version, last int) error {
	for version < last {
		version++
		script, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", version))
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("%s; PRAGMA user_version = %d", script, version)); err != nil {
			return err
		}
	}
	return nil
}
