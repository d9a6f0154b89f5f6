package view

import (
	"fmt"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// CheckAnnotations tells GitHub Actions of failures and warnings, by workflow commands on Err, of which the runner reads
// both streams. No text of an endpoint can become a command of its own: it stays on its line, with % and line ends escaped.
func (v *View) CheckAnnotations(c Check) {
	var text strings.Builder
	if blocked := c.Report.Blocked; blocked != nil {
		annotate(&text, "error", "pbhook check", blocked.Reason+": "+blocked.Remedy)
	}
	for _, result := range c.Report.Results {
		title := fmt.Sprintf("pbhook check %s (%s)", result.Case.ID, result.Severity())
		message := result.Case.Title + ": " + result.Reason + ". " + capital(result.Case.Fix) + ". " + result.Case.DocsURL()
		switch {
		case result.Verdict == probe.Failed && c.Bar.Stops(result):
			annotate(&text, "error", title, message)
		case result.Verdict == probe.Failed:
			annotate(&text, "notice", title, message)
		case result.Verdict == probe.Inconclusive && c.Report.Blocked == nil:
			annotate(&text, "warning", title, "inconclusive: "+result.Reason)
		case result.Warning != "":
			annotate(&text, "warning", title, result.Warning)
		}
	}
	fmt.Fprint(v.Err, text.String())
}

func annotate(text *strings.Builder, level, title, message string) {
	fmt.Fprintf(text, "::%s title=%s::%s\n", level, commandValue(title, true), commandValue(hideSecrets(ui.SanitizeLine(message, 1000)), false))
}

// commandValue escapes as the toolkit of GitHub Actions does (packages/core, command).
func commandValue(text string, property bool) string {
	text = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
	if property {
		text = strings.NewReplacer(":", "%3A", ",", "%2C").Replace(text)
	}
	return text
}
