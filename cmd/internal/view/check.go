package view

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// Check is what a check of an endpoint found, and what of it counts.
type Check struct {
	Report probe.Report
	Bar    probe.Bar
}

// CheckPlan says what is about to be sent, before the first request.
func (v *View) CheckPlan(endpoint string, plan probe.Plan) error {
	if v.JSON {
		return emit(v.Out, planRecord(endpoint, plan))
	}
	line := fmt.Sprintf("%s against %s: %s, never more than %d; event ids begin with %s",
		Count(len(plan.Cases), "case"), ui.Sanitize(endpoint), Count(plan.Requests, "request"), plan.Max, plan.IDPrefix)
	if plan.ProbeReads > 0 {
		line += "; the probe is read at most " + Count(plan.ProbeReads, "time")
	}
	v.Note("%s", line)
	return nil
}

// CheckProgress is the line that says how far a check is; only a terminal shows it.
type CheckProgress struct {
	bar   ui.Progress
	shown int
}

// Checking begins the progress line of a check.
func (v *View) Checking(plan probe.Plan) *CheckProgress {
	return &CheckProgress{bar: v.Err.Progress(int64(plan.Requests), "checking")}
}

// Show moves the line on. It is called from one goroutine at a time.
func (p *CheckProgress) Show(now probe.Progress) {
	p.bar.Add(now.Requests - p.shown)
	p.shown = now.Requests
}

// Done takes the line away.
func (p *CheckProgress) Done() { p.bar.Done() }

// Check shows what a check found: every case by its group, then each failure explained, then the sum.
func (v *View) Check(c Check) error {
	if v.JSON {
		return v.checkRecords(c)
	}
	var text strings.Builder
	v.network(&text, c.Report)
	if blocked := c.Report.Blocked; blocked != nil {
		fmt.Fprintf(&text, "\n%s\n", v.Out.Bad("Nothing can be concluded"))
		v.paragraph(&text, "", hideSecrets(blocked.Reason))
		v.paragraph(&text, "fix: ", blocked.Remedy)
	}
	v.cases(&text, c)
	v.causes(&text, c.Report.Causes())
	for _, result := range c.Report.Failed() {
		v.failure(&text, c, result)
	}
	v.mended(&text, c)
	fmt.Fprintf(&text, "\n%s\n", v.sum(c))
	_, err := fmt.Fprint(v.Out, text.String())
	return err
}

// network says how the endpoint was reached.
func (v *View) network(text *strings.Builder, r probe.Report) {
	n := r.Network
	var parts []string
	if len(n.Addresses) > 0 {
		parts = append(parts, "resolves to "+strings.Join(n.Addresses, ", "))
	}
	if n.Remote != "" {
		parts = append(parts, "connected to "+n.Remote+" in "+elapsed(n.Connected))
	}
	if n.TLSVersion != "" {
		parts = append(parts, n.TLSVersion+" in "+elapsed(n.Secured))
	}
	if n.Certificate != nil {
		parts = append(parts, "certificate until "+n.Certificate.NotAfter.UTC().Format("2006-01-02"))
	}
	if len(parts) > 0 {
		fmt.Fprintf(text, "%s\n", v.Out.Dim(ui.SanitizeLine(strings.Join(parts, "; "), 400)))
	}
}

// cases is the table by group. A run that could not begin, or was ended early, has nothing to tell of each case that is still
// open.
func (v *View) cases(text *strings.Builder, c Check) {
	group, cut := probe.Group(""), 0
	for _, result := range c.Report.Results {
		if c.Report.Blocked != nil && result.Verdict == probe.Inconclusive {
			continue
		}
		if result.Verdict == probe.Inconclusive && result.Reason == probe.ReasonInterrupted {
			cut++
			continue
		}
		if result.Case.Group != group {
			group = result.Case.Group
			fmt.Fprintf(text, "\n%s\n", v.Out.Bold(string(group)))
		}
		fmt.Fprintf(text, "  %s %s  %s%s\n", v.mark(c, result), v.Out.Accent(fmt.Sprintf("%-14s", result.Case.ID)), result.Case.Title, v.tail(c, result))
		remark := func(label, sentence string) {
			if sentence != "" {
				fmt.Fprintf(text, "      %s%s\n", label, hideSecrets(ui.SanitizeLine(sentence, 400)))
			}
		}
		remark(v.Out.Warn("warning "), result.Warning)
		if result.Verdict == probe.Inconclusive || result.Verdict == probe.Skipped {
			remark("", result.Reason)
		}
	}
	if cut > 0 {
		fmt.Fprintf(text, "\n  %s %s: %s\n", v.Out.Warn("?"), Count(cut, "case"), probe.ReasonInterrupted)
	}
}

func (v *View) mark(c Check, result probe.Result) string {
	switch {
	case result.Verdict == probe.Failed && c.Bar.Baseline.Accepts(result):
		return v.Out.Warn("~")
	case result.Verdict == probe.Failed:
		return v.Out.Bad("✗")
	case result.Verdict == probe.Inconclusive:
		return v.Out.Warn("?")
	case result.Verdict == probe.Skipped:
		return v.Out.Dim("-")
	case result.Warning != "":
		return v.Out.Warn("✓")
	default:
		return v.Out.Good("✓")
	}
}

// tail is what stands behind the title of a case.
func (v *View) tail(c Check, result probe.Result) string {
	switch {
	case result.Verdict == probe.Failed && c.Bar.Baseline.Accepts(result):
		return "  " + v.Out.Warn("in the baseline")
	case result.Verdict == probe.Failed:
		return "  " + v.severity(result.Severity())
	case result.Verdict == probe.Passed && v.Verbose:
		if last, ok := result.Last(); ok {
			return "  " + v.Out.Dim(fmt.Sprintf("%d, %s", last.Status, elapsed(last.Duration)))
		}
	}
	if result.Note != "" {
		return "  " + v.Out.Dim(ui.SanitizeLine(result.Note, 200))
	}
	return ""
}

func (v *View) severity(s probe.Severity) string {
	if s >= probe.High {
		return v.Out.Bad(s.String())
	}
	return v.Out.Warn(s.String())
}

func (v *View) causes(text *strings.Builder, causes []probe.Cause) {
	for _, cause := range causes {
		text.WriteString("\n")
		v.paragraph(text, v.Out.Warn("likely cause:")+" ", cause.Text+" ("+strings.Join(cause.Cases, ", ")+")")
		if cause.ID == probe.CauseParsedBody {
			v.fixes(text, forensics.Fixes())
		}
	}
}

// failure explains one: what was sent, what came back, why that is wrong and what to do.
func (v *View) failure(text *strings.Builder, c Check, result probe.Result) {
	fmt.Fprintf(text, "\n%s %s  %s%s\n", v.mark(c, result), v.Out.Bold(result.Case.ID), result.Case.Title, v.tail(c, result))
	line := func(label, sentence string) { v.paragraph(text, v.Out.Dim(fmt.Sprintf("%-10s", label)), sentence) }
	line("sent", result.Case.Sends)
	last, sent := result.Last()
	if sent {
		line("answered", v.came(last))
	}
	line("expected", result.Case.Wants)
	line("wrong", hideSecrets(result.Reason))
	line("why", result.Case.Why)
	line("fix", result.Case.Fix)
	line("more", result.Case.DocsURL())
	if sent && v.Verbose {
		fmt.Fprintf(text, "\n  %s %s\n", last.Request.Method, ui.Sanitize(last.Request.URL))
		text.WriteString(v.request(last.Request))
	}
}

func (v *View) came(e probe.Exchange) string {
	if e.Status == 0 {
		return "nothing, for " + elapsed(e.Duration)
	}
	line := fmt.Sprintf("%s, %s", statusText(e.Status), elapsed(e.Duration))
	if body := ui.SanitizeLine(string(e.Body), shownAnswer); body != "" {
		line += ": " + hideSecrets(body)
	}
	return line
}

func (v *View) mended(text *strings.Builder, c Check) {
	if ids := c.Bar.Baseline.Mended(c.Report); len(ids) > 0 {
		text.WriteString("\n")
		v.paragraph(text, "", "in the baseline, and mended: "+strings.Join(ids, ", ")+"; --write-baseline takes them out")
	}
}

// sum is the last line.
func (v *View) sum(c Check) string {
	r := c.Report
	parts := []string{v.Out.Good(fmt.Sprintf("%d passed", r.Count(probe.Passed)))}
	accepted := 0
	for _, result := range r.Results {
		if c.Bar.Baseline.Accepts(result) {
			accepted++
		}
	}
	if n := r.Count(probe.Failed) - accepted; n > 0 {
		parts = append(parts, v.Out.Bad(fmt.Sprintf("%d failed", n)))
	}
	if accepted > 0 {
		parts = append(parts, v.Out.Warn(fmt.Sprintf("%d failed as in the baseline", accepted)))
	}
	if n := r.Count(probe.Inconclusive); n > 0 {
		parts = append(parts, v.Out.Warn(fmt.Sprintf("%d inconclusive", n)))
	}
	if n := r.Count(probe.Skipped); n > 0 {
		parts = append(parts, fmt.Sprintf("%d skipped", n))
	}
	line := fmt.Sprintf("%s: %s", Count(len(r.Results), "case"), strings.Join(parts, ", "))
	line += "; grade " + v.Out.Bold(cmp.Or(r.Grade(), "none"))
	if l := r.Latency; l.Samples > 0 {
		line += fmt.Sprintf("; valid events answered in p50 %s, p95 %s", elapsed(l.P50), elapsed(l.P95))
	}
	return line + fmt.Sprintf("; %s in %s", Count(r.Requests, "request"), elapsed(r.Elapsed))
}
