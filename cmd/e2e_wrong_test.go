//go:build e2e

package cmd_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/docs/examples"
)

// wrongReceivers are the modes of testdata/e2e/wrong and the conformance cases at which each has to fail: those and no others.
func wrongReceivers() map[string][]string {
	everyCase := make([]string, 0, 64)
	for _, c := range conformanceCases() {
		if !slices.Contains([]string{"GET", "PUT"}, c.name) {
			everyCase = append(everyCase, c.name)
		}
	}
	return map[string][]string{
		"none": nil,
		"parsed-body": {
			"an indented event", "numbers that JavaScript would write otherwise", "escapes and emoji",
			"keys that JavaScript would reorder", "duplicate keys", "a trailing line feed", "carriage returns",
			// Refused too, but as the wrong thing: the one is no JSON, the other is parsed as {}.
			"a body that begins in t", "a signed empty body",
		},
		"no-time-check": {"330 seconds old", "600 seconds ahead"},
		"last-v1-only":  {"a good v1, then a bad one"},
		"no-verification": {
			"no signature", "garbage for a signature", "names of object members for a signature", "another secret", "an empty secret",
			"a body that begins in t", "another body", "a MAC of the body alone", "a new t with the old MAC", "a downgrade to v0", "two different t",
			"330 seconds old", "600 seconds ahead", "milliseconds", "no t", "a t that is no number", "a t with a leading zero",
			"a v1 too short", "a v1 too long", "a v1 outside ASCII",
		},
		"crashes-on-bad-input": {
			"no signature", "garbage for a signature", "names of object members for a signature", "a downgrade to v0",
			"a body that begins in t", "milliseconds", "no t", "a t that is no number", "a t with a leading zero",
			"a v1 too short", "a v1 too long", "a v1 outside ASCII", "a signed empty body", "a signed body that is not JSON", "a signed null",
		},
		"not-idempotent": {onceCase},
		"redirects":      append(everyCase, onceCase),
	}
}

const onceCase = "one event ten times at once"

// TestWrongReceiversAreWrongInOneWay makes sure that each deliberate fault shows, and that it is the only one.
func TestWrongReceiversAreWrongInOneWay(t *testing.T) {
	for mode, want := range wrongReceivers() {
		t.Run(mode, func(t *testing.T) {
			server := prepareWrong(t).run(t, "MODE="+mode)
			defer http.DefaultClient.CloseIdleConnections()
			var got []string
			for _, c := range conformanceCases() {
				if status := c.send(t, server.url); !slices.Contains(c.statuses, status) {
					got = append(got, c.name)
				}
			}
			if !isHandledOnce(t, server) {
				got = append(got, onceCase)
			}
			if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
				t.Errorf("fails at (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheSlowReceiverIsSlow(t *testing.T) {
	server := prepareWrong(t).run(t, "MODE=slow")
	defer http.DefaultClient.CloseIdleConnections()
	begun := time.Now()
	if got := signed(plainEvent)(t, server.url); got != http.StatusOK || time.Since(begun) < 5*time.Second {
		t.Errorf("answered %d after %s, want 200 after more than the guide's 5 s", got, time.Since(begun))
	}
}

// prepareWrong gives the wrong receiver the packages of the Express example.
func prepareWrong(t *testing.T) *preparedExample {
	t.Helper()
	express := prepareExample(t, "express")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/e2e/wrong")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(express.dir, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return &preparedExample{Example: examples.Example{Name: "wrong", Start: "node server.js"}, dir: dir, path: express.path}
}
