package view

import (
	"fmt"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/forensics"
)

// shownTrials is how many things that were tried a line names.
const shownTrials = 6

// cause writes a report: what was proven, what is likely, and what was tried where nothing could be proven.
func (v *View) cause(text *strings.Builder, d Verdict) {
	report := d.Report
	if found := report.Proven; found != nil {
		text.WriteString("\n")
		v.paragraph(text, v.Out.Good("proven:")+" ", found.Cause)
		v.paragraph(text, "fix: ", found.Hint)
		if found.Secret != "" && found.Secret != "current" {
			v.paragraph(text, "", "signed with the secret: "+found.Secret)
		}
		v.diff(text, report.Diff)
		v.fixes(text, found.Fixes)
	}
	for _, likely := range report.Likely {
		text.WriteString("\n")
		v.paragraph(text, v.Out.Warn("likely:")+" ", likely.Cause)
		v.paragraph(text, "fix: ", likely.Hint)
	}
	if report.Proven == nil && !report.Valid {
		v.tried(text, report)
	}
	text.WriteString("\n")
}

func (v *View) paragraph(text *strings.Builder, label, sentence string) {
	if sentence == "" {
		return
	}
	sentence = label + ui.SanitizeLine(sentence, 600)
	if v.Out.IsTTY() {
		fmt.Fprintln(text, ui.Wrap(sentence, 2, v.Out.Width()))
		return
	}
	fmt.Fprintln(text, "  "+sentence)
}

func (v *View) fixes(text *strings.Builder, fixes []forensics.Fix) {
	if len(fixes) == 0 {
		return
	}
	title := "how to get at the raw body (-v shows the code):"
	if v.Verbose {
		title = "how to get at the raw body:"
	}
	fmt.Fprintf(text, "\n  %s\n", v.Out.Dim(title))
	rows := make([][]string, len(fixes))
	for i, fix := range fixes {
		rows[i] = []string{"  " + v.Out.Accent(fix.Framework), fix.Text}
	}
	text.WriteString(v.Out.Table(nil, rows))
	for _, fix := range fixes {
		if v.Verbose {
			fmt.Fprintf(text, "\n  %s\n%s\n", v.Out.Accent(fix.Framework), indent(indent(fix.Code)))
		}
	}
}

func (v *View) tried(text *strings.Builder, report *forensics.Report) {
	if report.Signatures == 0 && len(report.Likely) > 0 {
		return
	}
	if report.Signatures == 0 {
		fmt.Fprintf(text, "\n  %s\n", v.Out.Dim("no cause could be proven: the header holds nothing to compare a signature with"))
		return
	}
	fmt.Fprintf(text, "\n  %s\n", v.Out.Dim(fmt.Sprintf("no cause could be proven; what was tried, in %s:", Count(report.Signatures, "signature"))))
	rows := make([][]string, len(report.Tried))
	for i, trial := range report.Tried {
		names := strings.Join(trial.Names, ", ")
		if len(trial.Names) > shownTrials && !v.Verbose {
			names = fmt.Sprintf("%s, and %d more (-v lists them)", strings.Join(trial.Names[:shownTrials], ", "), len(trial.Names)-shownTrials)
		}
		rows[i] = []string{"  " + v.Out.Accent(string(trial.Dimension)), names}
	}
	text.WriteString(v.Out.Table(nil, rows))
	if report.Cut {
		v.paragraph(text, "", "the search was cut short: its time was over")
	}
	if report.Restricted {
		v.paragraph(text, "", "not everything was tried, because the body or the header is so large")
	}
}
