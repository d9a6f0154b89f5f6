package history

import (
	"errors"
	"fmt"
	"strings"
)

// What can go wrong; the error types of this package wrap most of these, and say where.
var (
	ErrQueueFull  = errors.New("too many records wait to be written")
	ErrClosed     = errors.New("the history is closed")
	ErrExists     = errors.New("is kept already")
	ErrNoID       = errors.New("is no ULID")
	ErrTimeRange  = errors.New("is not in the years 1970 to 2261")
	ErrHeaderText = errors.New("holds a line feed, or \": \" within the name")
	ErrSymlink    = errors.New("is a symbolic link")
	ErrNotRegular = errors.New("is not a regular file")
	ErrForeign    = errors.New("is a database of another program")
	ErrBusy       = errors.New("is locked by another process")
	ErrGone       = errors.New("was removed or replaced while in use")
)

// DamagedError says that the file, or one record in it, is not what was written.
type DamagedError struct {
	Path    string
	MovedTo string // where the file was put aside, untouched; empty while it is still in its place
	Record  string // ID of the record; empty when it is about the file
	Problem string // what was found
}

func (e *DamagedError) Error() string {
	subject := e.Path
	if e.Record != "" {
		subject = "record " + e.Record + " in " + e.Path
	}
	text := subject + " is damaged: " + e.Problem
	if e.MovedTo != "" {
		text += "; it was moved to " + e.MovedTo
	}
	return text
}

// ReadOnlyError says that nothing can be kept at Path.
type ReadOnlyError struct {
	Path string
	Err  error // nil when the store was opened for reading only
}

func (e *ReadOnlyError) Error() string {
	if e.Err == nil {
		return e.Path + " is open for reading only"
	}
	return fmt.Sprintf("%s cannot be written: %v", e.Path, e.Err)
}

// Unwrap gives the cause.
func (e *ReadOnlyError) Unwrap() error { return e.Err }

// VersionError says that a newer build wrote the file. It was left untouched.
type VersionError struct {
	Path         string
	Found, Known int // versions of the schema: the file's, and the newest of this build
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("%s has schema version %d, this build knows up to %d", e.Path, e.Found, e.Known)
}

// FileError says what is wrong with a file that the store is made of. It wraps [ErrSymlink], [ErrNotRegular],
// [ErrForeign], [ErrBusy], [ErrGone] or an error of the operating system or of SQLite.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }

// RecordError says why a record cannot be kept. It wraps [ErrExists] for an id that is kept already.
type RecordError struct {
	Field string // "ID", "Capture.Time", …
	Got   string
	Err   error
}

func (e *RecordError) Error() string { return fmt.Sprintf("%s %q: %v", e.Field, e.Got, e.Err) }

// Unwrap gives the reason.
func (e *RecordError) Unwrap() error { return e.Err }

// NotFoundError says that no record is called Ref.
type NotFoundError struct{ Ref string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("no record is called %.80q", e.Ref) }

// AmbiguousError says that Ref begins, or ends, more than one id.
type AmbiguousError struct {
	Ref        string
	Candidates []string // ids that do so, of records newest first, then of events; at most 10
	More       bool     // there are others
}

func (e *AmbiguousError) Error() string {
	more := ""
	if e.More {
		more = ", …"
	}
	return fmt.Sprintf("%.80q stands for more than one id: %s%s", e.Ref, strings.Join(e.Candidates, ", "), more)
}
