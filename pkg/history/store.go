package history

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// Store keeps records. It is safe for concurrent use by goroutines, and a file by processes. Close it after use.
type Store struct {
	path   string // absolute; empty in memory
	db     *sql.DB
	writer *writer // nil when nothing may be written
	held   *lock   // nil where there is nobody to keep away
	ids    *ids
	now    func() time.Time
	verify func() error // that the file is where it was
	closed atomic.Bool
}

// Options say where a store is and what it keeps.
type Options struct {
	// Path is the file. Its folder is made when it is not there. Files are for this user alone (0600, a new folder 0700).
	Path string
	// ReadOnly reads a store where nothing can be written, and makes none.
	ReadOnly bool
	// LeaveDamaged leaves a damaged store where it is, for whoever was only to look at it.
	LeaveDamaged bool
	// Keep is held to while records are added: once the store is opened and after every 256 records, what [Store.Prune] would
	// remove goes. The zero value keeps everything.
	Keep Retention
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Rand makes ids differ; nil is crypto/rand.Reader.
	Rand io.Reader
}

func (o Options) store(path string) *Store {
	s := &Store{path: path, now: o.Now, verify: func() error { return nil }}
	if s.now == nil {
		s.now = time.Now
	}
	random := o.Rand
	if random == nil {
		random = rand.Reader
	}
	s.ids = newIDs(random)
	return s
}

// Path is the file of the store, absolute; empty for one in memory.
func (s *Store) Path() string { return s.path }

// Close writes what waits, and gives the file free. Further calls return [ErrClosed].
func (s *Store) Close() error {
	return s.end(func() error { return nil })
}

// end has everything written that waits, does what is left to do with the database then, and closes it.
func (s *Store) end(last func() error) error {
	if s.closed.Swap(true) {
		return ErrClosed
	}
	var errs []error
	if s.writer != nil {
		s.writer.queue.close()
		<-s.writer.ended
		errs = append(errs, s.writer.tx.close())
	}
	errs = append(errs, explain(s.path, last()), explain(s.path, s.db.Close()))
	if s.held != nil {
		errs = append(errs, s.held.release())
	}
	return errors.Join(errs...)
}

func (s *Store) explain(err error) error {
	if err == nil {
		return nil
	}
	if s.closed.Load() {
		return ErrClosed
	}
	return explain(s.path, err)
}
