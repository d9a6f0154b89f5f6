package config

import (
	"errors"
	"fmt"
	"strings"
)

// What can be wrong with a file or a secret; the error types of this package wrap these.
var (
	ErrSymlink       = errors.New("is a symbolic link")
	ErrNotRegular    = errors.New("is not a regular file")
	ErrUnsteady      = errors.New("is being replaced all the time")
	ErrTooLarge      = errors.New("is larger than 64 KiB")
	ErrNoSecret      = errors.New("no signing secret")
	ErrSecretTooLong = errors.New("is longer than 4 KiB")
	ErrSecretLines   = errors.New("has more than one line")
	ErrSecretLineEnd = errors.New("ends in a line break, which would become part of it")
	ErrDotenv        = errors.New("cannot be read as .env")
	ErrDotenvPlace   = fmt.Errorf("%w, so nothing can be read from it", ErrNotRegular)
	ErrNoState       = errors.New("there is no home folder to keep a history in")
	ErrTracked       = errors.New("is tracked by git, so a secret in it would be committed")
	ErrIndex         = errors.New("may be tracked by git, whose index cannot be read")
	ErrShadowed      = errors.New("the configuration holds a secret, which goes before the one in the keyring")
	ErrRegistrations = errors.New("is no list of registrations")
	ErrNoHome        = errors.New("there is no home folder to keep a configuration in")
)

// FileError says what is wrong with a file as a whole.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }

// SyntaxError says where a file is no YAML, or none of the shape that a configuration has.
type SyntaxError struct {
	Path         string
	Line, Column int // from 1; 0 where they are not known
	Problem      string
}

func (e *SyntaxError) Error() string { return at(e.Path, e.Line, e.Column) + ": " + e.Problem }

// DotenvError says which line of a .env file cannot be read. It quotes nothing of the file.
type DotenvError struct {
	Line    int // from 1
	Problem string
}

func (e *DotenvError) Error() string {
	return fmt.Sprintf("%v: line %d %s", ErrDotenv, e.Line, e.Problem)
}

// Unwrap gives [ErrDotenv].
func (e *DotenvError) Unwrap() error { return ErrDotenv }

// KeyError says that a file, or an edit, has a key that is none.
type KeyError struct {
	Path         string // empty for an edit
	Line, Column int
	Key          string
	Known        []string
}

func (e *KeyError) Error() string {
	message := fmt.Sprintf("unknown key %q", e.Key)
	if e.Path == "" {
		return message
	}
	return at(e.Path, e.Line, e.Column) + ": " + message
}

// ValueError says that a setting does not have the form it needs. It never holds a secret.
type ValueError struct {
	Key  string
	From string // a flag, a variable or file:line
	Err  error
}

func (e *ValueError) Error() string {
	switch e.From {
	case "":
		return e.Key + ": " + e.Err.Error()
	case "--" + e.Key:
		return e.From + ": " + e.Err.Error()
	}
	return fmt.Sprintf("%s: %s: %v", e.From, e.Key, e.Err)
}

// Unwrap gives the cause.
func (e *ValueError) Unwrap() error { return e.Err }

// ProfileError says that the profile that was asked for is in no file.
type ProfileError struct {
	Name  string
	From  string   // who asked: --profile, PBHOOK_PROFILE or file:line
	Known []string // in alphabetical order
}

func (e *ProfileError) Error() string {
	return fmt.Sprintf("profile %q (%s) is in no configuration file", e.Name, e.From)
}

// NoSecretError says that no source had a secret; it is [ErrNoSecret].
type NoSecretError struct {
	Tried []string // every source that was looked at, in order
}

func (e *NoSecretError) Error() string {
	return fmt.Sprintf("%v in %s", ErrNoSecret, strings.Join(e.Tried, ", "))
}

// Unwrap gives [ErrNoSecret].
func (e *NoSecretError) Unwrap() error { return ErrNoSecret }

// SecretError says that a source has a secret that cannot be used.
type SecretError struct {
	Source string
	Err    error
}

func (e *SecretError) Error() string { return fmt.Sprintf("secret from %s: %v", e.Source, e.Err) }

// Unwrap gives the cause.
func (e *SecretError) Unwrap() error { return e.Err }

// NoTokenError says that no source had an API token.
type NoTokenError struct {
	Tried []string // every source that was looked at, in order
}

func (e *NoTokenError) Error() string { return "no API token in " + strings.Join(e.Tried, ", ") }

// TokenError says that a source has an API token that cannot be used. It never holds the token.
type TokenError struct {
	Source string
	Err    error
}

func (e *TokenError) Error() string { return fmt.Sprintf("%v (from %s)", e.Err, e.Source) }

// Unwrap gives the cause.
func (e *TokenError) Unwrap() error { return e.Err }

// KeyringError says that the system's keyring did not answer as it should.
type KeyringError struct {
	Account string
	Err     error
}

func (e *KeyringError) Error() string {
	return fmt.Sprintf("system keyring (%s, account %s): %v", keyringService, e.Account, e.Err)
}

// Unwrap gives the cause.
func (e *KeyringError) Unwrap() error { return e.Err }

func at(path string, line, column int) string {
	if line == 0 {
		return path
	}
	return fmt.Sprintf("%s:%d:%d", path, line, column)
}
