package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/joho/godotenv"
)

const dotenvFile = ".env"

// readDotenv reads .env of the working directory; nothing of it reaches the environment. A file that is not there has no
// values.
func readDotenv(host Host) (map[string]string, error) {
	path := filepath.Join(host.Dir, dotenvFile)
	info, err := os.Stat(path) // a link is fine here: the file belongs to the project, and pbhook never writes it
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fileError(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, &FileError{path, ErrDotenvPlace}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	defer func() { _ = file.Close() }()
	content, err := readBounded(file, largestFile, ErrTooLarge)
	if err != nil {
		return nil, fileError(path, err)
	}
	return parseDotenv(path, content)
}

// parseDotenv reads the content of a .env file; its error is a [*FileError] about a [*DotenvError].
func parseDotenv(path string, content []byte) (map[string]string, error) {
	values, err := godotenv.Parse(bytes.NewReader(content))
	if err != nil {
		return nil, &FileError{path, dotenvError(content)}
	}
	return values, nil
}

// longestValue is how many lines a value in quotes may have for an error behind it to be found: the largest keys have half of it.
const longestValue = 200

// dotenvError looks for the first line from which on nothing can be read. The library's own error has no line, and quotes the file,
// secrets and all.
func dotenvError(content []byte) *DotenvError {
	first, lines := 1, 0 // of what is not read yet
	var part []byte
	for line := range bytes.Lines(content) {
		part, lines = append(part, line...), lines+1
		if _, err := godotenv.UnmarshalBytes(part); err == nil {
			first, lines, part = first+lines, 0, part[:0]
		}
		if lines > longestValue {
			break
		}
	}
	problem := "is no NAME=VALUE"
	if _, err := godotenv.UnmarshalBytes(part); err != nil && strings.HasPrefix(err.Error(), "unterminated quoted value") {
		problem = "opens a quote that is never closed"
	}
	return &DotenvError{Line: first, Problem: problem}
}
