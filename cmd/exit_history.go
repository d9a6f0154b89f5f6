package cmd

import (
	"errors"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// errNoHistory says that a verb would work on a history that is switched off.
var errNoHistory = errors.New("the history is switched off")

// errSetAside says that a verb would add to what is kept for its damage.
var errSetAside = errors.New("was set aside as damaged, and is only read")

// errNoDatabase says of a file that somebody named what is known of it.
var errNoDatabase = errors.New("does not begin as a database does: it is no history, or a damaged one")

// explainHistory is about the file of the history and what is looked up in it.
func explainHistory(err error) (code int, message, hint string) {
	var (
		version   *history.VersionError
		damaged   *history.DamagedError
		untouched *untouchedError
		readOnly  *history.ReadOnlyError
		file      *history.FileError
		notFound  *history.NotFoundError
		ambiguous *history.AmbiguousError
		retention *history.RetentionError
		status    *history.StatusError
		record    *history.RecordError
		other     *incomparableError
		specimen  *specimenError
		unfit     *unfitError
		passed    *passedOverError
		dead      *deadEndpointError
	)
	switch {
	case errors.As(err, &other):
		return exitFailure, "", "pbhook history show prints each of them"
	case errors.As(err, &unfit):
		return exitUsage, "", unfit.hint()
	case errors.As(err, &passed):
		return exitUsage, "", passed.hint()
	case errors.As(err, &dead):
		return exitUnreachable, "", "is your server running, and is --to its address? --keep-going makes the other attempts all the same"
	case errors.As(err, &specimen):
		return exitFailure, "", "a fixture is made of the JSON of an event"
	case errors.As(err, &version):
		return exitFailure, "", "a newer pbhook wrote it; update this one, or name another file with --history"
	case errors.As(err, &damaged) && damaged.Record != "":
		return exitFailure, "", "the other records can be read; pbhook history list shows them"
	case errors.As(err, &damaged) && (history.IsSetAside(damaged.Path) || errors.As(err, &untouched)):
		return exitFailure, "", "sqlite3 can read out what is left: sqlite3 " + damaged.Path + " .recover | sqlite3 recovered.db"
	case errors.As(err, &damaged):
		return exitFailure, "", "end the other pbhook that has it open: the next one sets it aside and begins anew"
	case errors.As(err, &readOnly):
		return exitFailure, "", "name a file that can be written with --history, or --history none"
	case errors.As(err, &notFound):
		return exitUsage, "", "pbhook history list shows what there is; last is the newest"
	case errors.As(err, &ambiguous):
		return exitUsage, "", "give more of the id"
	case errors.As(err, &retention):
		return exitUsage, "", "an age, a number and a size, each at most once: 30d,10000,500MB; all keeps everything"
	case errors.As(err, &status):
		return exitUsage, "", "separate several with commas: 4xx,500"
	case errors.As(err, &record):
		return exitFailure, "", "it cannot be kept as it is"
	case errors.Is(err, history.ErrBusy):
		return exitFailure, "", "another pbhook works on it; try again, or name another file with --history"
	case errors.Is(err, history.ErrSymlink), errors.Is(err, history.ErrNotRegular), errors.Is(err, history.ErrForeign), errors.Is(err, errNoDatabase):
		return exitUsage, "", "name the file of a history with --history; it is left as it is"
	case errors.As(err, &file), errors.Is(err, history.ErrQueueFull):
		return exitFailure, "", "name another file with --history, or go without one by --history none"
	case errors.Is(err, errNoHistory):
		return exitUsage, "", "leave --history none out, or name a file"
	case errors.Is(err, config.ErrNoState):
		return exitUsage, "", "set XDG_STATE_HOME, or name a file with --history"
	}
	return exitSuccess, "", ""
}
