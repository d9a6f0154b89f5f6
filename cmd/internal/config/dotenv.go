package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

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
		return nil, &FileError{path, ErrNotRegular}
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
	values, err := godotenv.Parse(bytes.NewReader(content))
	if err != nil {
		return nil, &FileError{path, ErrDotenv} // the library's own error quotes the file, secrets and all
	}
	return values, nil
}
