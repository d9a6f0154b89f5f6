package view

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// Example is a receiver that can be written to a folder.
type Example struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Title string `json:"title"`
	Setup string `json:"setup"`
	Start string `json:"start"`
}

// Examples lists the receivers to start from.
func (v *View) Examples(examples []Example) error {
	if v.JSON {
		for _, row := range examples {
			row.Kind = "example"
			if err := emit(v.Out, row); err != nil {
				return err
			}
		}
		return nil
	}
	rows := make([][]string, len(examples))
	for i, e := range examples {
		rows[i] = []string{v.Out.Accent(e.Name), e.Title}
	}
	if _, err := fmt.Fprint(v.Out, v.Out.Table([]string{"EXAMPLE", "BUILT WITH"}, rows)); err != nil {
		return err
	}
	v.Note("\npbhook scaffold NAME writes one into a folder of that name")
	return nil
}

// Scaffold is a receiver that was written to a folder.
type Scaffold struct {
	Kind  string   `json:"kind"`
	Name  string   `json:"name"`
	Dir   string   `json:"dir"`
	Files []string `json:"files"`
	Setup string   `json:"setup"`
	Start string   `json:"start"`
}

// Scaffold lists the files that were written, and tells what to do next.
func (v *View) Scaffold(s Scaffold) error {
	if v.JSON {
		s.Kind = "scaffold"
		return emit(v.Out, s)
	}
	for _, file := range s.Files {
		if _, err := fmt.Fprintln(v.Out, ui.Sanitize(filepath.Join(s.Dir, filepath.FromSlash(file)))); err != nil {
			return err
		}
	}
	v.Note("\nnext:")
	for _, line := range []string{
		"cd " + word(s.Dir), s.Setup, "pbhook send all --start '" + s.Start + "'",
		"export POCKETBOOK_WEBHOOK_SECRET=whsec_…", s.Start,
	} {
		v.Note("  %s", ui.Sanitize(line))
	}
	return nil
}

// word is a path as a word of the shell.
func word(path string) string {
	if strings.Trim(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/+") == "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
