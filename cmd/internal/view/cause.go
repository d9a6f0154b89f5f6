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

// diff shows both bodies around the first byte that differs, one below the other with a mark between them.
func (v *View) diff(text *strings.Builder, d *forensics.Diff) {
	if d == nil {
		return
	}
	signed, mark := window(d.Signed, d.Offset-d.Start)
	received, _ := window(d.Received, d.Offset-d.Start)
	fmt.Fprintf(text, "\n  %s\n", v.Out.Dim(fmt.Sprintf("the bodies part at byte %d (line %d): %d bytes were signed, %d received", d.Offset, d.Line, d.SignedLen, d.ReceivedLen)))
	fmt.Fprintf(text, "  signed    %s\n", signed)
	fmt.Fprintf(text, "            %s%s\n", strings.Repeat(" ", mark), v.Out.Bad("^"))
	fmt.Fprintf(text, "  received  %s\n", received)
}

// window makes a stretch of bytes visible and tells in which column the byte at offset begins.
func window(stretch []byte, offset int) (shown string, column int) {
	offset = max(0, min(offset, len(stretch)))
	before := ui.Sanitize(string(stretch[:offset]))
	return hideSecrets(before + ui.Sanitize(string(stretch[offset:]))), len([]rune(before))
}

func (v *View) fixes(text *strings.Builder, fixes []forensics.Fix) {
	if len(fixes) == 0 {
		return
	}
	fmt.Fprintf(text, "\n  %s\n", v.Out.Dim("how to get at the raw body:"))
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
	if report.Signatures == 0 {
		fmt.Fprintf(text, "\n  %s\n", v.Out.Dim("no cause could be proven: the header holds nothing to compare a signature with"))
		return
	}
	fmt.Fprintf(text, "\n  %s\n", v.Out.Dim(fmt.Sprintf("no cause could be proven; %d signatures were computed with", report.Signatures)))
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
