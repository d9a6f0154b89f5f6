package view

import (
	"fmt"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// AppLog shows the last lines that an app of the user's printed, on Err; more says that there were others before them.
func (v *View) AppLog(lines []string, more bool) {
	for i, line := range lines {
		lines[i] = hideSecrets(ui.SanitizeLog(line))
	}
	if v.JSON {
		_ = emit(v.Err, struct {
			Kind  string   `json:"kind"`
			Lines []string `json:"lines"`
			More  bool     `json:"more"`
		}{"app_log", append([]string{}, lines...), more})
		return
	}
	title := "the app printed:"
	switch {
	case len(lines) == 0:
		title = "the app printed nothing"
	case more:
		title = fmt.Sprintf("the app printed, in its last %s:", Count(len(lines), "line"))
	}
	var text strings.Builder
	fmt.Fprintln(&text, v.Err.Dim(title))
	for _, line := range lines {
		fmt.Fprintln(&text, strings.TrimRight("  "+line, " "))
	}
	fmt.Fprint(v.Err, text.String())
}
