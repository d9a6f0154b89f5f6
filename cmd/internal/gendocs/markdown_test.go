package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd"
)

var update = flag.Bool("update", false, "rewrite docs/commands to what the commands say now")

const commandPages = "../../../docs/commands"

// The pages under docs/commands are what the help says; -update rewrites them.
func TestPagesOfCommandsAreUpToDate(t *testing.T) {
	pages := markdownPages(cmd.NewManual())
	if *update {
		if err := writeFiles(commandPages, pages); err != nil {
			t.Fatal(err)
		}
	}
	for name, page := range pages {
		got, err := os.ReadFile(filepath.Join(commandPages, name))
		if err != nil {
			t.Errorf("%v; go test ./cmd/internal/gendocs -update writes it", err)
			continue
		}
		if diff := cmp.Diff(page, string(got)); diff != "" {
			t.Errorf("%s is stale; go test ./cmd/internal/gendocs -update rewrites it (-want +got):\n%s", name, diff)
		}
	}
	files, err := os.ReadDir(commandPages)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, known := pages[file.Name()]; !known {
			t.Errorf("%s is the page of no command", file.Name())
		}
	}
}

func TestLinksOfCommandPagesLeadSomewhere(t *testing.T) {
	pages := markdownPages(cmd.NewManual())
	for name, page := range pages {
		for _, found := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(page, -1) {
			file, anchor, _ := strings.Cut(found[1], "#")
			if anchor == "global-flags" && strings.Contains(pages[file], "\n## Global flags\n") {
				continue
			}
			if _, known := pages[file]; known && anchor == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join(commandPages, found[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, found[1])
			}
		}
	}
}

func TestTextsKeepTheirMeaningInMarkdown(t *testing.T) {
	manual := cmd.Manual{Pages: []cmd.Page{{Command: "pbhook"}, {Command: "pbhook send"}, {Command: "pbhook send all"}}}
	w := markdownWriter{prose: newProse(manual)}
	for text, want := range map[string]string{
		"send to this `URL` (default $PBHOOK_TO)": "send to this `URL` (default `$PBHOOK_TO`)",
		"take 'voucher.*', the verbs' own":        "take `'voucher.*'`, the verbs' own",
		"with --count=3, or --count":              "with `--count=3`, or `--count`",
		"see pbhook send all, pbhook's own":       "see `pbhook send all`, pbhook's own",
		"at https://example.com/a_b.":             "at `https://example.com/a_b`.",
		"in ./fixtures, ~/.ssh or .env.":          "in `./fixtures`, `~/.ssh` or `.env`.",
		"a <b> [c] *d* _e":                        `a &lt;b> \[c] \*d\* \_e`,
		"- for stdin":                             "- for stdin",
		"byte-for-byte -- not":                    "byte-for-byte -- not",
	} {
		if got := w.text(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}
