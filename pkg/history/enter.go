package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// patience bounds the wait for other processes that make, examine or set aside the store.
const patience = 30 * time.Second

// enter returns with the store in its place and with a lock that keeps others from moving it. Whoever finds nobody else
// there examines it first, and makes it if need be.
func (p place) enter(ctx context.Context, now func() time.Time, leave bool) (*lock, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, &FileError{p.path, ErrBusy})
	defer cancel()
	for {
		err := p.alone(ctx, func() error { return p.ready(ctx, now(), leave) })
		if err != nil && !errors.Is(err, ErrBusy) {
			return nil, err
		}
		held, err := p.lock(ctx, shared)
		switch {
		case err == nil && p.exists():
			return held, nil
		case err == nil:
			err = held.release()
		case errors.Is(err, ErrBusy):
			err = nil
		}
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
}

// alone runs do while no other process has the store open, and returns ErrBusy when one has.
func (p place) alone(ctx context.Context, do func() error) error {
	held, err := p.lock(ctx, exclusive)
	if err != nil {
		return err
	}
	return errors.Join(do(), held.release())
}

// ready makes the store, or sees to it that what is there is whole; what is damaged is moved aside unless it is to be left.
func (p place) ready(ctx context.Context, now time.Time, leave bool) error {
	if !p.exists() {
		return p.create(ctx)
	}
	err := p.examine(ctx)
	if damaged := (*DamagedError)(nil); errors.As(err, &damaged) && !leave {
		moved, err := p.setAside(now)
		return errors.Join(err, &DamagedError{Path: p.path, MovedTo: moved, Problem: damaged.Problem})
	}
	return err
}

// create makes an empty store under another name and then moves it to its place, so that there never is half of one.
func (p place) create(ctx context.Context) error {
	fresh := place{p.path + newEnding}
	for _, ending := range []string{journalEnding, logEnding, sharedEnding, ""} {
		_ = os.Remove(fresh.path + ending) // left by one who was interrupted here
	}
	file, err := os.OpenFile(fresh.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return p.unwritable(err)
	}
	if err := file.Close(); err != nil {
		return p.unwritable(err)
	}
	if err := fresh.fill(ctx); err != nil {
		return err
	}
	if err := os.Rename(fresh.path, p.path); err != nil {
		return p.unwritable(err)
	}
	return p.sync()
}

func (p place) fill(ctx context.Context) error {
	db, err := openDatabase(p.path, "rw")
	if err != nil {
		return err
	}
	// What is kept for good in a file has to be said before its first table, and the mode last.
	for _, statement := range []string{"PRAGMA auto_vacuum = INCREMENTAL", fmt.Sprintf("PRAGMA application_id = %d", applicationID)} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return errors.Join(explain(p.path, err), db.Close())
		}
	}
	err = migrate(ctx, db)
	if err == nil {
		_, err = db.ExecContext(ctx, "PRAGMA journal_mode = WAL")
	}
	return errors.Join(explain(p.path, err), explain(p.path, db.Close()))
}
