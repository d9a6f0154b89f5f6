package history

import "context"

// Leave closes a store whose file was removed or replaced, as [ErrGone] tells, in place of Close. What is in the log goes into
// the file, wherever that is by now: left beside the file that is there instead, SQLite would take the log for part of that
// one. It returns a [*FileError] that wraps [ErrBusy] while another process reads, and then the place is not to be opened.
func (s *Store) Leave(ctx context.Context) error {
	return s.end(func() error {
		var busy, pages, moved int
		err := s.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
		if err == nil && busy != 0 {
			err = &FileError{s.path, ErrBusy}
		}
		return err
	})
}
