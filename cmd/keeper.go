package cmd

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// reopening bounds how long senders wait for the history to be opened anew.
const reopening = 5 * time.Second

// keeper keeps what a listener receives. When the file is removed or replaced meanwhile it goes on in the one that is there
// then, or in a new one, and what was about to be added is added there. It is safe for concurrent use.
type keeper struct {
	app  *app
	life context.Context
	keep history.Retention

	mu    sync.RWMutex
	store *history.Store
	left  *history.Store // the last one whose file was gone
}

func (a *app) openKeeper(life context.Context, keep history.Retention) (*keeper, error) {
	store, err := a.openHistory(life, keep)
	return &keeper{app: a, life: life, keep: keep, store: store}, err
}

func (k *keeper) current() *history.Store {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.store
}

// isGone tells whether an error may be mended by another store.
func isGone(err error) bool {
	return errors.Is(err, history.ErrGone) || errors.Is(err, history.ErrClosed)
}

// anew opens the history again, unless somebody did so before.
func (k *keeper) anew(gone *history.Store, why error) (*history.Store, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.store != gone {
		return k.store, nil
	}
	ctx, cancel := context.WithTimeout(k.life, reopening)
	defer cancel()
	if k.left != gone {
		if err := gone.Leave(ctx); err != nil {
			return nil, notReopened(why, err)
		}
		k.left = gone
	}
	store, err := k.app.openHistory(ctx, k.keep)
	if err != nil {
		return nil, notReopened(why, err)
	}
	k.app.view.Warning(fmt.Sprintf("%v; it was opened anew, and what comes is kept there", why))
	k.store = store
	return store, nil
}

func notReopened(why, err error) error {
	return fmt.Errorf("%w, and cannot be opened anew: %w", why, err)
}

// Add is that of the store.
func (k *keeper) Add(ctx context.Context, record history.Record) (string, error) {
	store := k.current()
	id, err := store.Add(ctx, record)
	if !isGone(err) {
		return id, err
	}
	if store, err = k.anew(store, err); err != nil {
		return "", err
	}
	return store.Add(ctx, record)
}

// Update is that of the store. What was added to a file that is gone has nothing to be put beside it.
func (k *keeper) Update(ctx context.Context, id string, change history.Change) error {
	store := k.current()
	err := store.Update(ctx, id, change)
	if isGone(err) {
		if store, err = k.anew(store, err); err == nil {
			err = store.Update(ctx, id, change)
		}
	}
	if _, unknown := errors.AsType[*history.NotFoundError](err); unknown && k.hasLeft() {
		return nil
	}
	return err
}

func (k *keeper) hasLeft() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.left != nil
}

// SeenIDs is that of the store.
func (k *keeper) SeenIDs(ctx context.Context, limit int) ([]string, error) {
	return k.current().SeenIDs(ctx, limit)
}

// Path is that of the store.
func (k *keeper) Path() string { return k.current().Path() }

// Close is that of the store.
func (k *keeper) Close() error {
	err := k.current().Close()
	if k.hasLeft() && errors.Is(err, history.ErrClosed) {
		return nil // it was left, and could not be opened again
	}
	return err
}
