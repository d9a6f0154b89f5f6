package view

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// CheckMarkdown writes a check as the summary of a job.
func CheckMarkdown(w io.Writer, c Check) error {
	var page strings.Builder
	r := c.Report
	fmt.Fprintf(&page, "## pbhook check: grade %s\n\n`%s`\n\n", cmp.Or(r.Grade(), "none"), strings.ReplaceAll(ui.SanitizeLine(r.Endpoint, 400), "`", ""))
	page.WriteString("| passed | failed | inconclusive | skipped | p50 | p95 | requests |\n|---|---|---|---|---|---|---|\n")
	fmt.Fprintf(&page, "| %d | %d | %d | %d | %s | %s | %d |\n", r.Count(probe.Passed), r.Count(probe.Failed), r.Count(probe.Inconclusive),
		r.Count(probe.Skipped), elapsed(r.Latency.P50), elapsed(r.Latency.P95), r.Requests)
	if r.Blocked != nil {
		fmt.Fprintf(&page, "\n**Nothing can be concluded**: %s. %s.\n", outside(r.Blocked.Reason), markdown(capital(r.Blocked.Remedy)))
	}
	for _, cause := range r.Causes() {
		fmt.Fprintf(&page, "\nLikely cause: %s (%s)\n", markdown(cause.Text), strings.Join(cause.Cases, ", "))
	}
	if rows := append(r.Failed(), r.Inconclusive()...); len(rows) > 0 {
		page.WriteString("\n| case | severity | verdict | what is wrong | what to do |\n|---|---|---|---|---|\n")
		for _, result := range rows {
			verdict := string(result.Verdict)
			if c.Bar.Baseline.Accepts(result) {
				verdict = "in the baseline"
			}
			fmt.Fprintf(&page, "| [%s](%s) | %s | %s | %s: %s | %s |\n", result.Case.ID, result.Case.DocsURL(), result.Severity(), verdict,
				markdown(result.Case.Title), outside(result.Reason), markdown(result.Case.Fix))
		}
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// outside makes one line of text from an endpoint harmless in a page.
func outside(text string) string { return markdown(hideSecrets(ui.SanitizeLine(text, 400))) }

// markdown keeps text from being read as markup, in a table as well.
func markdown(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "*", "&#42;", "`", "&#96;", "[", "&#91;", "]", "&#93;", "__", "&#95;&#95;", `\`, "&#92;").Replace(text)
}
