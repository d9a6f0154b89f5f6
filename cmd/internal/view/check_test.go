package view_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// hostile is what an endpoint may answer, or a reason quote of it.
const hostile = "]]>\x1b[2J\r\n::error title=x::owned | <script>alert(1)</script> **bold** `code` [link](javascript:x) 100% whsec_0123456789abcdef0123"

func caseOf(t *testing.T, id string) probe.Case {
	t.Helper()
	cases, err := probe.Select([]string{id}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return cases[0]
}

// mixed has a result of every kind.
func mixed(t *testing.T) view.Check {
	t.Helper()
	answer := probe.Exchange{
		Request: capture.Request{Method: "POST", URL: "http://localhost:3000/"}, Status: 200, Duration: 3 * time.Millisecond, Body: []byte(hostile),
	}
	return view.Check{
		Report: probe.Report{
			Endpoint: "http://localhost:3000/", Started: time.Unix(1_700_000_000, 0), Elapsed: time.Second,
			Results: []probe.Result{
				{Case: caseOf(t, "net.cert"), Verdict: probe.Skipped, Reason: "there is no certificate without HTTPS"},
				{Case: caseOf(t, "ok.compact"), Verdict: probe.Passed, Warning: hostile},
				{Case: caseOf(t, "ok.pretty"), Verdict: probe.Inconclusive, Reason: hostile},
				{Case: caseOf(t, "rot.first"), Verdict: probe.Failed, Fault: probe.FaultRefused, Reason: "in the baseline"},
				{Case: caseOf(t, "fwd.equals"), Verdict: probe.Failed, Fault: probe.FaultRefused, Reason: "below the bar"},
				{Case: caseOf(t, "auth.none"), Verdict: probe.Failed, Fault: probe.FaultAccepted, Reason: hostile, Exchanges: []probe.Exchange{answer}},
			},
		},
		Bar: probe.Bar{
			FailOn:   probe.Medium,
			Baseline: probe.Baseline{Failures: []probe.AcceptedFailure{{ID: "rot.first", Fault: probe.FaultRefused}}},
		},
	}
}

func TestJUnitIsReadBackAsItWasMeant(t *testing.T) {
	var file bytes.Buffer
	if err := view.CheckJUnit(&file, mixed(t)); err != nil {
		t.Fatal(err)
	}
	var read junit.Testsuites
	if err := xml.Unmarshal(file.Bytes(), &read); err != nil {
		t.Fatalf("%v\n%s", err, file.String())
	}
	if got := [4]int{read.Tests, read.Failures, read.Errors, read.Skipped}; got != [4]int{6, 1, 1, 3} {
		t.Errorf("tests, failures, errors, skipped: %v", got)
	}
	type told struct{ suite, kind, message string }
	got := map[string]told{}
	for _, suite := range read.Suites {
		for _, test := range suite.Testcases {
			id, _, _ := strings.Cut(test.Name, " ")
			one := told{suite: suite.Name}
			for kind, result := range map[string]*junit.Result{"failure": test.Failure, "error": test.Error, "skipped": test.Skipped} {
				if result != nil {
					one.kind, one.message = kind, result.Message[:min(len(result.Message), 18)]
				}
			}
			got[id] = one
		}
	}
	want := map[string]told{
		"net.cert":   {"Network", "skipped", "there is no certif"},
		"ok.compact": {suite: "Valid events"},
		"ok.pretty":  {"Valid events", "error", "inconclusive: ]]>\\"},
		"rot.first":  {"Signature header", "skipped", "in the baseline: i"},
		"fwd.equals": {"Signature header", "skipped", "below --fail-on: b"},
		"auth.none":  {"Forgeries", "failure", `]]>\u001b[2J ::err`},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(told{})); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
}

func TestSARIFHasARuleForEachResult(t *testing.T) {
	var file bytes.Buffer
	if err := view.CheckSARIF(&file, mixed(t), "1.2.3"); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Rules []struct{ ID, HelpURI string }
				}
			}
			Results []struct {
				RuleID, Kind, Level string
				RuleIndex           int
				Suppressions        []struct{ Kind string }
				Locations           []struct {
					PhysicalLocation struct{ ArtifactLocation struct{ URI string } }
				}
			}
		}
	}
	if err := json.Unmarshal(file.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, result := range log.Runs[0].Results {
		rule := log.Runs[0].Tool.Driver.Rules[result.RuleIndex]
		if rule.ID != result.RuleID || rule.HelpURI == "" || result.Locations[0].PhysicalLocation.ArtifactLocation.URI == "" {
			t.Errorf("%s has the rule %+v and is at %+v", result.RuleID, rule, result.Locations)
		}
		got[result.RuleID] = result.Level + " " + result.Kind + strings.Repeat("suppressed", len(result.Suppressions))
	}
	want := map[string]string{"ok.pretty": "none open", "rot.first": "error suppressed", "fwd.equals": "note ", "auth.none": "error "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestAnnotationsAreOneCommandALine(t *testing.T) {
	var out, err bytes.Buffer
	none := func(string) (string, bool) { return "", false }
	v := view.New(view.Options{Out: ui.New(&out, ui.Never, none), Err: ui.New(&err, ui.Never, none)})
	v.CheckAnnotations(mixed(t))
	if out.Len() > 0 {
		t.Errorf("stdout has %q", out.String())
	}
	lines := strings.Split(strings.TrimSuffix(err.String(), "\n"), "\n")
	want := []string{
		"::warning title=pbhook check ok.compact (critical)::", "::warning title=pbhook check ok.pretty (critical)::inconclusive",
		"::notice title=pbhook check rot.first (high)::", "::notice title=pbhook check fwd.equals (info)::",
		"::error title=pbhook check auth.none (critical)::An event without a signature must be refused: ",
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), err.String())
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, want[i]) || strings.Contains(line, "100% ") {
			t.Errorf("line %d is %q", i+1, line)
		}
	}
}

// Nothing of an endpoint's text is markup, a control or a secret in any form.
func TestReportsKeepHostileTextHarmless(t *testing.T) {
	none := func(string) (string, bool) { return "", false }
	for name, write := range map[string]func(io.Writer) error{
		"JUnit":    func(w io.Writer) error { return view.CheckJUnit(w, mixed(t)) },
		"SARIF":    func(w io.Writer) error { return view.CheckSARIF(w, mixed(t), "1") },
		"Markdown": func(w io.Writer) error { return view.CheckMarkdown(w, mixed(t)) },
		"text": func(w io.Writer) error {
			return view.New(view.Options{Out: ui.New(w, ui.Never, none), Err: ui.New(io.Discard, ui.Never, none), Verbose: true}).Check(mixed(t))
		},
		"JSON": func(w io.Writer) error {
			return view.New(view.Options{Out: ui.New(w, ui.Never, none), Err: ui.New(io.Discard, ui.Never, none), JSON: true}).Check(mixed(t))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var file bytes.Buffer
			if err := write(&file); err != nil {
				t.Fatal(err)
			}
			text := file.String()
			for _, bad := range []string{"\x1b", "\r", "\n::", "whsec_0123456789abcdef0123"} {
				if strings.Contains(text, bad) {
					t.Errorf("holds %q", bad)
				}
			}
			if name == "Markdown" {
				for _, bad := range []string{"<script", "**bold", "`code", "](javascript"} {
					if strings.Contains(text, bad) {
						t.Errorf("holds %q", bad)
					}
				}
			}
		})
	}
}
