package view

import (
	"fmt"
	"strings"
)

// Version is what a build knows of itself; Commit and Date may be empty.
type Version struct {
	Kind     string `json:"kind"`
	Number   string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// Version shows one line, as bug reports want it.
func (v *View) Version(version Version) error {
	version.Kind = "version"
	if v.JSON {
		return emit(v.Out, version)
	}
	parts := []string{version.Go, version.Platform}
	for _, part := range []string{version.Commit, version.Date} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	_, err := fmt.Fprintf(v.Out, "pbhook %s (%s)\n", version.Number, strings.Join(parts, ", "))
	return err
}
