package view

import (
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/probe"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// checkPlan is what a program reads before the first request.
type checkPlan struct {
	Kind       string `json:"kind"`
	URL        string `json:"url"`
	Cases      int    `json:"cases"`
	Requests   int    `json:"requests"`
	Max        int    `json:"maxRequests"`
	ProbeReads int    `json:"maxProbeReads,omitempty"`
	IDPrefix   string `json:"idPrefix"`
}

// checkCase is what a program reads of one case.
type checkCase struct {
	Kind      string         `json:"kind"`
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Group     probe.Group    `json:"group"`
	Severity  probe.Severity `json:"severity"`
	Verdict   probe.Verdict  `json:"verdict"`
	Fault     probe.Fault    `json:"fault,omitempty"`
	Baseline  bool           `json:"inBaseline,omitempty"`
	Reason    string         `json:"reason,omitempty"`
	Note      string         `json:"note,omitempty"`
	Warning   string         `json:"warning,omitempty"`
	Sends     string         `json:"sends"`
	Wants     string         `json:"wants"`
	Why       string         `json:"why,omitempty"`
	Fix       string         `json:"fix,omitempty"`
	Docs      string         `json:"docs"`
	Exchanges []checkTrial   `json:"exchanges,omitempty"`
}

// checkTrial is one request of a case and its answer.
type checkTrial struct {
	Time      time.Time `json:"time"`
	Method    string    `json:"method"`
	Signature string    `json:"signature,omitempty"`
	Status    int       `json:"status,omitempty"`
	Duration  float64   `json:"durationMs"`
	Answer    string    `json:"answer,omitempty"`
	Error     string    `json:"error,omitempty"`
	Request   *wire     `json:"request,omitempty"`
}

// checkSummary is the last record of a check.
type checkSummary struct {
	Kind         string        `json:"kind"`
	Time         time.Time     `json:"time"`
	URL          string        `json:"url"`
	Grade        string        `json:"grade,omitempty"`
	OK           bool          `json:"ok"`
	Passed       int           `json:"passed"`
	Failed       int           `json:"failed"`
	Inconclusive int           `json:"inconclusive"`
	Skipped      int           `json:"skipped"`
	Under        []string      `json:"stoppedBy,omitempty"`
	Mended       []string      `json:"mended,omitempty"`
	Requests     int           `json:"requests"`
	Elapsed      float64       `json:"elapsedMs"`
	Latency      checkLatency  `json:"latencyMs"`
	Network      checkNetwork  `json:"network"`
	Blocked      *checkBlocked `json:"blocked,omitempty"`
	Causes       []checkCause  `json:"causes,omitempty"`
	Interrupted  bool          `json:"interrupted,omitempty"`
}

type checkLatency struct {
	Samples  int     `json:"samples"`
	P50      float64 `json:"p50"`
	P95      float64 `json:"p95"`
	Max      float64 `json:"max"`
	Timeouts int     `json:"timeouts,omitempty"`
}

type checkNetwork struct {
	Addresses []string   `json:"addresses,omitempty"`
	Remote    string     `json:"remote,omitempty"`
	Resolved  float64    `json:"resolvedMs,omitempty"`
	Connected float64    `json:"connectedMs,omitempty"`
	Secured   float64    `json:"securedMs,omitempty"`
	TLS       string     `json:"tls,omitempty"`
	Expires   *time.Time `json:"certificateExpires,omitempty"`
}

type checkBlocked struct {
	Kind   probe.BlockedKind `json:"kind"`
	Reason string            `json:"reason"`
	Remedy string            `json:"remedy"`
}

type checkCause struct {
	ID    string   `json:"id"`
	Cause string   `json:"cause"`
	Cases []string `json:"cases"`
}

func planRecord(endpoint string, plan probe.Plan) checkPlan {
	return checkPlan{
		Kind: "check_plan", URL: endpoint, Cases: len(plan.Cases), Requests: plan.Requests, Max: plan.Max,
		ProbeReads: plan.ProbeReads, IDPrefix: plan.IDPrefix,
	}
}

func (v *View) checkRecords(c Check) error {
	for _, result := range c.Report.Results {
		if err := emit(v.Out, v.caseRecord(c, result)); err != nil {
			return err
		}
	}
	return emit(v.Out, summaryRecord(c))
}

func (v *View) caseRecord(c Check, result probe.Result) checkCase {
	row := checkCase{
		Kind: "check_case", ID: result.Case.ID, Title: result.Case.Title, Group: result.Case.Group, Severity: result.Severity(),
		Verdict: result.Verdict, Fault: result.Fault, Baseline: c.Bar.Baseline.Accepts(result), Reason: hideSecrets(result.Reason),
		Note: result.Note, Warning: hideSecrets(result.Warning), Sends: result.Case.Sends, Wants: result.Case.Wants, Docs: result.Case.DocsURL(),
	}
	if result.Verdict == probe.Failed {
		row.Why, row.Fix = result.Case.Why, result.Case.Fix
	}
	for _, e := range result.Exchanges {
		row.Exchanges = append(row.Exchanges, v.trialRecord(e))
	}
	return row
}

func (v *View) trialRecord(e probe.Exchange) checkTrial {
	row := checkTrial{
		Time: e.Started, Method: e.Request.Method, Status: e.Status, Duration: milliseconds(e.Duration), Answer: hideSecrets(string(e.Body)),
	}
	if lines := e.Request.Values(signature.HeaderName); len(lines) > 0 {
		row.Signature = lines[0]
	}
	if e.Err != nil {
		row.Error = e.Err.Error()
	}
	if v.Verbose {
		row.Request = wireRecord(e.Request)
	}
	return row
}

func summaryRecord(c Check) checkSummary {
	r := c.Report
	under := c.Bar.Under(r)
	row := checkSummary{
		Kind: "check_summary", Time: r.Started, URL: r.Endpoint, Grade: r.Grade(), OK: len(under) == 0 && r.Blocked == nil && r.Interrupted == nil,
		Passed: r.Count(probe.Passed), Failed: r.Count(probe.Failed), Inconclusive: r.Count(probe.Inconclusive), Skipped: r.Count(probe.Skipped),
		Mended: c.Bar.Baseline.Mended(r), Requests: r.Requests, Elapsed: milliseconds(r.Elapsed), Interrupted: r.Interrupted != nil,
		Latency: checkLatency{
			Samples: r.Latency.Samples, P50: milliseconds(r.Latency.P50), P95: milliseconds(r.Latency.P95), Max: milliseconds(r.Latency.Max),
			Timeouts: r.Latency.Timeouts,
		},
		Network: checkNetwork{
			Addresses: r.Network.Addresses, Remote: r.Network.Remote, Resolved: milliseconds(r.Network.Resolved),
			Connected: milliseconds(r.Network.Connected), Secured: milliseconds(r.Network.Secured), TLS: r.Network.TLSVersion,
		},
	}
	for _, result := range under {
		row.Under = append(row.Under, result.Case.ID)
	}
	if r.Network.Certificate != nil {
		row.Network.Expires = &r.Network.Certificate.NotAfter
	}
	if r.Blocked != nil {
		row.Blocked = &checkBlocked{r.Blocked.Kind, hideSecrets(r.Blocked.Reason), r.Blocked.Remedy}
	}
	for _, cause := range r.Causes() {
		row.Causes = append(row.Causes, checkCause{cause.ID, cause.Text, cause.Cases})
	}
	return row
}
