// Command gendocs writes what pbhook tells of itself to files: man pages, completion scripts of shells, and the pages of
// docs/commands.
//
//	go run ./cmd/internal/gendocs man DIR          pbhook.1, pbhook-send.1, …
//	go run ./cmd/internal/gendocs completions DIR  pbhook.bash, _pbhook, pbhook.fish, pbhook.ps1
//	go run ./cmd/internal/gendocs markdown DIR     README.md, send.md, …
//
// The files are the same in every run. Man pages have a date only if SOURCE_DATE_EPOCH says which, in seconds
// (https://reproducible-builds.org/specs/source-date-epoch/).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.LookupEnv); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("want man DIR, completions DIR or markdown DIR")

func run(ctx context.Context, args []string, lookup func(string) (string, bool)) error {
	if len(args) != 2 {
		return errUsage
	}
	var files map[string]string
	var err error
	switch args[0] {
	case "man":
		var date string
		if date, err = sourceDate(lookup); err == nil {
			files = manPages(cmd.NewManual(), date)
		}
	case "completions":
		files, err = completions(ctx)
	case "markdown":
		files = markdownPages(cmd.NewManual())
	default:
		err = errUsage
	}
	if err != nil {
		return err
	}
	return writeFiles(args[1], files)
}

// sourceDate is the day of SOURCE_DATE_EPOCH, and empty without one.
func sourceDate(lookup func(string) (string, bool)) (string, error) {
	epoch, _ := lookup("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return "", nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return "", fmt.Errorf("SOURCE_DATE_EPOCH %q is not a number of seconds", epoch)
	}
	return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
}

func writeFiles(dir string, files map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}
