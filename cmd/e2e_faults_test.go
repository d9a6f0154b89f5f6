//go:build e2e

package cmd_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// faultsPage is written by TestCheckFindsEachFault with -update.
const faultsPage = "../docs/check-faults.md"

// deliberateFault is one of testdata/e2e/wrong.
type deliberateFault struct {
	mode, what string
	flags      []string // of check, beside the endpoint and the probe
}

func deliberateFaults() []deliberateFault {
	return []deliberateFault{
		{"none", "has no fault", nil},
		{"parsed-body", "parses the body and verifies what it writes anew", nil},
		{"no-time-check", "looks at no time", nil},
		{"no-verification", "verifies nothing", nil},
		{"last-v1-only", "tries the last v1 alone", nil},
		{"crashes-on-bad-input", "answers 500 to headers and bodies that it cannot read", nil},
		{"not-idempotent", "handles an event as often as it arrives", nil},
		{"redirects", "redirects to another path", nil},
		// Each answer takes six seconds, so a few cases have to do.
		{"slow", "answers after six seconds", []string{"--select", "net,ok.compact,auth.none,time.fast", "--events", "certificate.minted"}},
	}
}

// TestCheckFindsEachFault checks every wrong receiver: it has to find the fault of each, and nothing else.
func TestCheckFindsEachFault(t *testing.T) {
	var page strings.Builder
	page.WriteString("# What `pbhook check` finds\n\n" +
		"Receivers with one deliberate fault each, and the cases at which they failed when they were checked. This page is written by\n" +
		"the test that checks them.\n\n| The receiver | failed at | grade |\n|---|---|---|\n")
	checked := 0
	for _, fault := range deliberateFaults() {
		t.Run(fault.mode, func(t *testing.T) {
			server := prepareWrong(t).run(t, "MODE="+fault.mode)
			effects := server.serveEffects()
			defer effects.Close()
			failed, grade := checkJSON(t, append([]string{"check", server.url, "--probe-url", effects.URL}, fault.flags...))
			if len(failed) == 0 {
				failed = []string{"nothing"}
			}
			checked++
			fmt.Fprintf(&page, "| %s | %s | %s |\n", fault.what, strings.Join(failed, ", "), grade)
		})
	}
	if checked < len(deliberateFaults()) {
		return // one of them failed, or was left out by -run
	}
	if *update {
		if err := os.WriteFile(faultsPage, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(faultsPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(written), page.String()); diff != "" {
		t.Errorf("%s (-written +found):\n%s", faultsPage, diff)
	}
}

// checkJSON runs a check in this process and gives the cases that failed, as links, and the grade.
func checkJSON(t *testing.T, args []string) (failed []string, grade string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Main(t.Context(), cmd.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now, Rand: rand.Reader,
		LookupEnv: func(name string) (string, bool) {
			return map[string]string{"POCKETBOOK_WEBHOOK_SECRET": scriptSecret, "HOME": t.TempDir()}[name], true
		},
	}, cmd.Version{Number: "test"}, append(args, "-o", "json"))
	summed := false
	for line := range bytes.Lines(out.Bytes()) {
		record := struct{ Kind, ID, Verdict, Grade string }{Grade: "none"} // unless there is one
		if err := json.Unmarshal(line, &record); err != nil {
			t.Fatal(err)
		}
		switch {
		case record.Kind == "check_case" && record.Verdict == "failed":
			failed = append(failed, fmt.Sprintf("[%s](checks/%s.md)", record.ID, record.ID))
		case record.Kind == "check_summary":
			summed, grade = true, record.Grade
		}
	}
	if !summed {
		t.Fatalf("no summary; stderr: %s", errs.String())
	}
	return failed, grade
}
