package view

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// CheckJUnit writes a check as JUnit XML: a suite for each group. A failure that does not keep the run from passing is
// skipped with its reason, and a case without a verdict is an error if it does.
func CheckJUnit(w io.Writer, c Check) error {
	report := junit.Testsuites{Name: "pbhook check " + ui.SanitizeLine(c.Report.Endpoint, 400), Time: inSeconds(c.Report.Elapsed)}
	var suite *junit.Testsuite
	flush := func() {
		if suite != nil {
			report.AddSuite(*suite)
		}
	}
	for _, result := range c.Report.Results {
		if suite == nil || suite.Name != string(result.Case.Group) {
			flush()
			suite = &junit.Testsuite{Name: string(result.Case.Group), ID: len(report.Suites), Time: inSeconds(0)}
			suite.SetTimestamp(c.Report.Started)
		}
		suite.AddTestcase(junitCase(c, result))
	}
	flush()
	if _, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return err
	}
	return report.WriteXML(w)
}

func junitCase(c Check, result probe.Result) junit.Testcase {
	var took time.Duration
	for _, e := range result.Exchanges {
		took += e.Duration
	}
	test := junit.Testcase{
		Name: result.Case.ID + " " + result.Case.Title, Classname: "pbhook.check." + strings.Split(result.Case.ID, ".")[0], Time: inSeconds(took),
	}
	told := &junit.Result{Message: xmlLine(result.Reason), Type: result.Severity().String()}
	switch {
	case result.Verdict == probe.Failed && c.Bar.Stops(result):
		told.Data = explanation(result)
		test.Failure = told
	case result.Verdict == probe.Failed && c.Bar.Baseline.Accepts(result):
		told.Message = "in the baseline: " + told.Message
		test.Skipped = told
	case result.Verdict == probe.Failed:
		told.Message = "below --fail-on: " + told.Message
		test.Skipped = told
	case result.Verdict == probe.Inconclusive && c.Bar.Stops(result):
		told.Message, told.Type = "inconclusive: "+told.Message, "inconclusive"
		test.Error = told
	case result.Verdict != probe.Passed:
		test.Skipped = told
	}
	return test
}

// explanation tells a failure in plain lines, for a place where nothing else is at hand.
func explanation(result probe.Result) string {
	lines := []string{"sent: " + result.Case.Sends}
	if last, ok := result.Last(); ok && last.Status != 0 {
		lines = append(lines, fmt.Sprintf("answered: %s, %s  %s", statusText(last.Status), elapsed(last.Duration), xmlLine(string(last.Body))))
	}
	lines = append(lines, "expected: "+result.Case.Wants, "why: "+result.Case.Why, "fix: "+result.Case.Fix, "more: "+result.Case.DocsURL())
	return strings.Join(lines, "\n")
}

// xmlLine is text from outside on one line, without what XML cannot hold.
func xmlLine(text string) string { return hideSecrets(ui.SanitizeLine(text, 400)) }

func inSeconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
