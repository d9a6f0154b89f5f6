package view

import (
	"encoding/json"
	"io"
	"slices"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// The part of SARIF 2.1.0 (OASIS) that a check needs: rules, results, and where.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		Results     []sarifResult     `json:"results"`
		Invocations []sarifInvocation `json:"invocations"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		URI     string      `json:"informationUri"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string       `json:"id"`
		Short      sarifMessage `json:"shortDescription"`
		Full       sarifMessage `json:"fullDescription"`
		Help       sarifMessage `json:"help"`
		HelpURI    string       `json:"helpUri"`
		Properties struct {
			Severity string   `json:"security-severity"`
			Tags     []string `json:"tags"`
		} `json:"properties"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Kind         string             `json:"kind,omitempty"`
		Level        string             `json:"level"`
		Message      sarifMessage       `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifLocation struct {
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
		} `json:"physicalLocation"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
	sarifInvocation struct {
		Successful bool `json:"executionSuccessful"`
	}
)

// CheckSARIF writes the failures, and the cases without a verdict, of a check as SARIF. The version is pbhook's own.
func CheckSARIF(w io.Writer, c Check, version string) error {
	var run sarifRun
	run.Tool.Driver = sarifDriver{Name: "pbhook", Version: version, URI: "https://github.com/pocketbook-studio/pbhook", Rules: []sarifRule{}}
	run.Results = []sarifResult{}
	run.Invocations = []sarifInvocation{{Successful: c.Report.Blocked == nil && c.Report.Interrupted == nil}}
	for _, result := range slices.Concat(c.Report.Failed(), c.Report.Inconclusive()) {
		run.Results = append(run.Results, sarifOf(c, result, len(run.Tool.Driver.Rules)))
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(result.Case))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifRuleOf(c probe.Case) sarifRule {
	rule := sarifRule{
		ID: c.ID, Short: sarifMessage{c.Title}, Full: sarifMessage{c.Why}, Help: sarifMessage{capital(c.Fix) + "."}, HelpURI: c.DocsURL(),
	}
	// The numbers are those by which GitHub's code scanning ranks: critical over 9.0, high over 7.0, medium over 4.0.
	rule.Properties.Severity = map[probe.Severity]string{probe.Critical: "9.5", probe.High: "8.0", probe.Medium: "5.0", probe.Info: "1.0"}[c.Severity]
	rule.Properties.Tags = []string{"security", "webhook"}
	return rule
}

func sarifOf(c Check, result probe.Result, rule int) sarifResult {
	out := sarifResult{
		RuleID: result.Case.ID, RuleIndex: rule, Level: sarifLevel(result.Severity()),
		Message:      sarifMessage{result.Case.Title + ": " + hideSecrets(ui.SanitizeLine(result.Reason, 400)) + "."},
		Locations:    make([]sarifLocation, 1),
		Fingerprints: map[string]string{"pbhookCase/v1": result.Case.ID + ":" + string(result.Fault)},
	}
	if result.Verdict == probe.Inconclusive {
		out.Kind, out.Level = "open", "none" // SARIF 3.27.10: only a failure has a level
	}
	out.Locations[0].Physical.Artifact.URI = c.Report.Endpoint
	if c.Bar.Baseline.Accepts(result) {
		out.Suppressions = []sarifSuppression{{Kind: "external", Justification: "in the baseline"}}
	}
	return out
}

func sarifLevel(severity probe.Severity) string {
	switch severity {
	case probe.Critical, probe.High:
		return "error"
	case probe.Medium:
		return "warning"
	default:
		return "note"
	}
}
