package config

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/joho/godotenv"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// dotenvKeeper writes into a .env file that git does not track, and keeps its other lines.
type dotenvKeeper struct {
	host Host
	path string
}

func (k dotenvKeeper) Check(context.Context) error {
	if _, err := k.plan(sample); err != nil {
		return err
	}
	return checkReplaceable(k.path)
}

func (k dotenvKeeper) Keep(_ context.Context, secret signature.Secret) (string, error) {
	after, err := k.plan(secret.Reveal())
	if err != nil {
		return "", err
	}
	where, err := filepath.Abs(k.path) // it is remembered, and read in other folders
	if err != nil {
		return "", fileError(k.path, err)
	}
	return where, replaceFile(k.path, after)
}

// plan gives the file as it would be with the secret in it.
func (k dotenvKeeper) plan(secret string) ([]byte, error) {
	if _, err := os.Stat(filepath.Dir(k.path)); err != nil {
		return nil, fileError(filepath.Dir(k.path), err)
	}
	before, _, err := readFile(k.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := refuseTracked(k.path); err != nil {
		return nil, err
	}
	after := assign(before, SecretVariable, secret)
	old, errOld := parseDotenv(k.path, before)
	got, errNew := godotenv.Parse(bytes.NewReader(after))
	if errOld != nil {
		return nil, errOld
	}
	if old[SecretVariable] = secret; errNew != nil || !maps.Equal(got, old) {
		return nil, &FileError{k.path, errUnkept}
	}
	return after, nil
}

// assign sets a variable in the text of a .env file, wherever it is set, or else in a line of its own at the end.
func assign(content []byte, name, value string) []byte {
	if strings.ContainsFunc(value, needsQuotes) {
		value = "'" + value + "'"
	}
	line := regexp.MustCompile(`(?m)^([ \t]*(?:export[ \t]+)?)` + name + `[ \t]*[=:][^\r\n]*`)
	if line.Match(content) {
		return line.ReplaceAll(content, []byte("${1}"+name+"="+strings.ReplaceAll(value, "$", "$$")))
	}
	return append(withNewline(bytes.Clone(content)), name+"="+value+"\n"...)
}

func needsQuotes(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("_-.+/=", r)
}
