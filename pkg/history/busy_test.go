package history_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// lockOut holds the lock for writing, as another process would, until the returned function is called.
func lockOut(t *testing.T, at string) func() {
	t.Helper()
	db := raw(t, at)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := db.Exec("ROLLBACK"); err != nil {
			t.Error(err)
		}
	}
}

// raw opens the database by its own driver.
func raw(t *testing.T, at string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+at)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestAddFailsAtOnceWhenTooMuchWaits(t *testing.T) {
	at := path(t)
	store := open(t, history.Options{Path: at})
	unlock := lockOut(t, at)
	full := make(chan struct{}, 1)
	var kept atomic.Int64
	var wg sync.WaitGroup
	for range 1024 + 256 + 1 { // what may wait, what the writer may have taken, and one more
		wg.Go(func() {
			switch _, err := store.Add(t.Context(), minted); {
			case err == nil:
				kept.Add(1)
			case !errors.Is(err, history.ErrQueueFull):
				t.Error(err)
			default:
				select {
				case full <- struct{}{}:
				default:
				}
			}
		})
	}
	<-full
	unlock()
	wg.Wait()
	if n := count(t, store, history.Query{}); n != int(kept.Load()) || n < 1024 {
		t.Errorf("%d records are kept, %d were told to be, want the same and 1024 at least", n, kept.Load())
	}
}

func TestReadersNeedNotWaitForAWriter(t *testing.T) {
	at := path(t)
	store := open(t, history.Options{Path: at})
	id := add(t, store, minted)
	defer lockOut(t, at)()
	get(t, store, id)
	if n := len(list(t, store, history.Query{})); n != 1 {
		t.Errorf("%d records are listed, want 1", n)
	}
}

func TestAddEndsWithItsContext(t *testing.T) {
	at := path(t)
	store := open(t, history.Options{Path: at})
	defer lockOut(t, at)()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.Add(ctx, minted); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// A group is one transaction, in which an id that is kept already must not take the others with it.
func TestOneRecordThatFailsDoesNoHarmToThoseBesideIt(t *testing.T) {
	at := path(t)
	store := open(t, history.Options{Path: at})
	twice := minted
	twice.ID = add(t, store, minted)
	unlock := lockOut(t, at) // so that all of them wait together
	var refused, added atomic.Int64
	var began, ended sync.WaitGroup
	for i := range 60 {
		began.Add(1)
		ended.Go(func() {
			record := minted
			if i%3 == 0 {
				record = twice
			}
			began.Done()
			switch _, err := store.Add(t.Context(), record); {
			case err == nil:
				added.Add(1)
			case errors.Is(err, history.ErrExists):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	began.Wait()
	unlock()
	ended.Wait()
	if added.Load() != 40 || refused.Load() != 20 {
		t.Errorf("%d were added and %d refused, want 40 and 20", added.Load(), refused.Load())
	}
	if n := count(t, store, history.Query{}); n != 41 {
		t.Errorf("%d records are kept, want 41", n)
	}
}
