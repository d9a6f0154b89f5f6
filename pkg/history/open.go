package history

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"path/filepath"
)

// Open opens the store at Path, or makes one. It waits for other processes that make, examine or move it, at most half a
// minute.
//
// A store that nobody else has open is examined first. If it is damaged it is moved aside, unchanged, and Open returns a
// [*DamagedError] that tells where to; calling Open again makes a new one. With LeaveDamaged it stays in its place. Other errors are [*ReadOnlyError],
// [*VersionError] and [*FileError]; they leave everything as it is.
func Open(ctx context.Context, options Options) (*Store, error) {
	path, err := filepath.Abs(options.Path)
	if err != nil {
		return nil, &FileError{options.Path, err}
	}
	s := options.store(path)
	if options.ReadOnly {
		err = s.openReadOnly(ctx)
	} else {
		err = s.openFile(ctx, options)
	}
	if err != nil {
		return nil, errors.Join(err, s.abandon())
	}
	return s, nil
}

// memoryBytes bounds what a store in memory keeps unless it was told otherwise.
const memoryBytes = 128 << 20

// OpenMemory makes a store that is gone when it is closed, for when there is no place to keep one. Path and ReadOnly have
// no meaning. Unless Keep says how many bytes, it is about 128 MiB.
func OpenMemory(ctx context.Context, options Options) (*Store, error) {
	s := options.store("")
	if options.Keep.Bytes == 0 {
		options.Keep.Bytes = memoryBytes
	}
	if err := s.openMemory(ctx, options.Keep); err != nil {
		return nil, errors.Join(err, s.abandon())
	}
	return s, nil
}

func (s *Store) openFile(ctx context.Context, options Options) (err error) {
	at := place{s.path}
	if err := at.prepare(); err != nil {
		return err
	}
	if s.held, err = at.enter(ctx, s.now, options.LeaveDamaged); err != nil {
		return err
	}
	if err := at.restrict(); err != nil {
		return err
	}
	if s.verify, err = at.watch(); err != nil {
		return err
	}
	if s.db, err = openDatabase(s.path, "rw"); err != nil {
		return err
	}
	version, err := checkVersion(ctx, s.db, s.path)
	if err == nil && version < schemaVersion {
		err = explain(s.path, migrate(ctx, s.db))
	}
	if err != nil {
		return err
	}
	return s.start(ctx, options.Keep)
}

func (s *Store) openMemory(ctx context.Context, keep Retention) error {
	name, err := s.ids.next(s.now())
	if err != nil {
		return err
	}
	if s.db, err = openMemory(name.String()); err != nil {
		return err
	}
	if err := migrate(ctx, s.db); err != nil {
		return err
	}
	return s.start(ctx, keep)
}

func (s *Store) openReadOnly(ctx context.Context) (err error) {
	at := place{s.path}
	if err := at.refuseLinks(); err != nil {
		return err
	}
	if at.size("") < 0 {
		return &FileError{s.path, fs.ErrNotExist}
	}
	parameters := url.Values{"mode": {"ro"}}
	if at.size(logEnding) <= 0 {
		parameters.Set("immutable", "1") // otherwise SQLite would have to make the files beside it
	}
	if s.db, err = open(s.path, parameters); err != nil {
		return err
	}
	_, err = checkVersion(ctx, s.db, s.path)
	return err
}

// start begins to write, and lets go what is not to be kept any longer.
func (s *Store) start(ctx context.Context, keep Retention) error {
	tx, err := newTransaction(ctx, s.db, s.verify)
	if err != nil {
		return explain(s.path, err)
	}
	s.writer = &writer{queue: newQueue(), tx: tx, keep: keep, now: s.now, ended: make(chan struct{})}
	go s.writer.run()
	_, err = s.Prune(ctx, keep)
	return err
}

// abandon gives free what a failed opening had taken.
func (s *Store) abandon() error {
	if s.db == nil {
		if s.held != nil {
			return s.held.release()
		}
		return nil
	}
	return s.Close()
}
