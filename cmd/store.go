package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

const (
	defaultKeep = "30d,10000"
	keepAll     = "all"
)

// storeFlags say where the history is.
type storeFlags struct{ file string }

func (s *storeFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&s.file, "history", "", "`FILE` of the history, or none (default $PBHOOK_HISTORY, configuration, see pbhook history path)")
	isSetting(flags, "history")
}

// keepFlags say how much of the history is kept by a verb that adds to it.
type keepFlags struct{ keep string }

func (k *keepFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&k.keep, "keep", "", "let go of what is beyond this `AGE,NUMBER,SIZE`: 30d, 10000, 500MB, or all to keep everything (default "+defaultKeep+")")
	isSetting(flags, "keep")
}

// retention is what the configuration, flags included, keeps, or otherwise what is to hold when nobody has said anything.
func (a *app) retention(otherwise string) (history.Retention, error) {
	keep := a.config.Keep
	if keep == "" {
		keep = otherwise
	}
	if keep == keepAll {
		return history.Retention{}, nil
	}
	retention, err := history.ParseRetention(keep)
	if err != nil {
		return retention, a.settingError("keep", err)
	}
	return retention, nil
}

// settingError names the flag, the variable or the file that a setting which cannot be used comes from.
func (a *app) settingError(key string, err error) error {
	for _, value := range a.config.Values() {
		if value.Key == key {
			return fmt.Errorf("%s: %w", value.From, err)
		}
	}
	return err
}

// historyFile is where the history is, or config.NoHistory.
func (a *app) historyFile() (string, error) {
	if a.config.History != "" {
		return a.config.History, nil
	}
	return config.HistoryPath(a.host())
}

// openHistory opens the history for a verb that adds to it, and always gives a store: where nothing can be kept it warns
// and keeps in memory what fits there, and so it does without a warning for --history none. The caller closes the store.
func (a *app) openHistory(ctx context.Context, keep history.Retention) (*history.Store, error) {
	options := history.Options{Keep: keep, Now: a.env.Now, Rand: a.env.Rand}
	path, err := a.historyFile()
	if path == config.NoHistory {
		return history.OpenMemory(ctx, options)
	}
	if err == nil {
		var store *history.Store
		if store, err = a.openStore(ctx, path, options); err == nil {
			return store, nil
		}
	}
	if _, readOnly := errors.AsType[*history.ReadOnlyError](err); !readOnly && !errors.Is(err, config.ErrNoState) {
		return nil, err
	}
	a.view.Warning(fmt.Sprintf("%v; what this command adds to the history is gone when it ends", err))
	return history.OpenMemory(ctx, options)
}

// changeHistory opens the history for a verb that is of no use where nothing can be kept.
func (a *app) changeHistory(ctx context.Context, keep history.Retention) (*history.Store, error) {
	path, err := a.historyFile()
	switch {
	case err != nil:
		return nil, err
	case path == config.NoHistory:
		return nil, errNoHistory
	}
	return a.openStore(ctx, path, history.Options{Keep: keep, Now: a.env.Now, Rand: a.env.Rand})
}

// readHistory opens the history for a verb that looks at it. One that nobody has begun is empty, and stays away; a damaged
// one that somebody named stays where it is.
func (a *app) readHistory(ctx context.Context) (*history.Store, error) {
	options := history.Options{Now: a.env.Now, Rand: a.env.Rand}
	path, err := a.historyFile()
	if err != nil {
		return nil, err
	}
	if path == config.NoHistory {
		a.view.Note("the history is switched off, so there is nothing to look at")
		return history.OpenMemory(ctx, options)
	}
	if isAbsent(path) {
		a.view.Note("there is no history at %s yet; pbhook listen and pbhook history import begin one", ui.Sanitize(path))
		return history.OpenMemory(ctx, options)
	}
	if history.IsSetAside(path) { // it is known to be damaged, and read as far as it goes
		return a.openReadOnly(ctx, path, options)
	}
	options.LeaveDamaged = a.config.History != ""
	store, err := a.openStore(ctx, path, options)
	if _, readOnly := errors.AsType[*history.ReadOnlyError](err); readOnly {
		return a.openReadOnly(ctx, path, options)
	}
	return store, err
}

// untouchedError says that a file which somebody named to look at it is damaged.
type untouchedError struct{ *history.DamagedError }

func (e *untouchedError) Error() string { return e.DamagedError.Error() + "; it is left as it is" }
func (e *untouchedError) Unwrap() error { return e.DamagedError }

func (a *app) openReadOnly(ctx context.Context, path string, options history.Options) (*history.Store, error) {
	options.Path, options.ReadOnly = path, true
	return history.Open(ctx, options)
}

func isAbsent(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// openStore begins a new store where a damaged one had to be set aside.
func (a *app) openStore(ctx context.Context, path string, options history.Options) (*history.Store, error) {
	options.Path = path
	if history.IsSetAside(path) {
		return nil, &history.FileError{Path: path, Err: errSetAside}
	}
	if err := a.refuseForeign(path); err != nil {
		return nil, err
	}
	store, err := history.Open(ctx, options)
	damaged, ok := errors.AsType[*history.DamagedError](err)
	switch {
	case ok && options.LeaveDamaged:
		return nil, &untouchedError{damaged}
	case !ok || damaged.MovedTo == "":
		return store, err
	}
	a.view.Warning(damaged.Error() + "; a new history is begun; --history reads what can still be read of the old one, sqlite3 FILE .recover gets out more")
	return history.Open(ctx, options)
}

// refuseForeign leaves alone a file that somebody named and that was never a history; only at the place of its own a file
// that begins otherwise is a damaged one.
func (a *app) refuseForeign(path string) error {
	const begin = "SQLite format 3\x00"
	if own, err := config.HistoryPath(a.host()); err == nil && own == path {
		return nil
	}
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return nil // the store tells what is wrong with it
	}
	file, err := os.Open(path)
	if err != nil {
		return nil // the store tells why it cannot be read
	}
	defer file.Close()
	first := make([]byte, len(begin))
	if n, _ := io.ReadFull(file, first); n > 0 && string(first[:n]) != begin[:n] {
		return &history.FileError{Path: path, Err: errNoDatabase}
	}
	return nil
}
