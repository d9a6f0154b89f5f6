package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd"
)

func TestManPagesHaveTheUsualSectionsInTheUsualOrder(t *testing.T) {
	pages := manPages(cmd.NewManual(), "")
	for name, want := range map[string][]string{
		"pbhook.1":              {"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXAMPLES", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"},
		"pbhook-history.1":      {"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXAMPLES", "OPTIONS", "EXIT STATUS", "SEE ALSO"},
		"pbhook-history-diff.1": {"NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "OPTIONS", "EXIT STATUS", "SEE ALSO"},
	} {
		var got []string
		for _, section := range regexp.MustCompile(`(?m)^\.SH (.*)$`).FindAllStringSubmatch(pages[name], -1) {
			got = append(got, section[1])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestManPagesNameOnlyPagesThatThereAre(t *testing.T) {
	pages := manPages(cmd.NewManual(), "")
	for name, page := range pages {
		for _, found := range regexp.MustCompile(`\\fB\\%([\w\\-]+)\\fR\(1\)`).FindAllStringSubmatch(page, -1) {
			if _, known := pages[strings.ReplaceAll(found[1], `\-`, "-")+".1"]; !known {
				t.Errorf("%s refers to %s(1), which is not there", name, found[1])
			}
		}
	}
}

// Nothing of a help text may be taken for a request or an escape of roff.
func TestHelpTextsReachTheReaderOfAManPage(t *testing.T) {
	manual := cmd.Manual{Pages: []cmd.Page{{Command: "pbhook"}, {
		Command: "pbhook odd",
		Short:   `odd \n texts`,
		Purpose: ".TH is a request, and 'so is this\n\n.env",
		Usage:   []string{"pbhook odd FILE... [flags]", "pbhook odd COMMAND"},
		Example: "  .dot\n  'quote' --flag ~/x \\n ^ `y`",
	}}}
	page := manPages(manual, "")["pbhook-odd.1"]
	for _, want := range []string{
		"\npbhook\\-odd \\- odd \\en texts\n",
		"\n\\fB\\%pbhook\\fR \\fB\\%odd\\fR \\fI\\%FILE\\fR... [flags]\n.br\n\\fB\\%pbhook\\fR \\fB\\%odd\\fR \\fI\\%COMMAND\\fR\n",
		"\n\\&.TH is a request",
		"\n\\&.dot\n\\(aqquote\\(aq \\-\\-flag \\(ti/x \\en \\(ha \\(gay\\(ga\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	requests := []string{"TH", "SH", "SS", "PP", "TP", "EX", "EE", "RS", "RE", "ad", "br"}
	for _, line := range strings.Split(page, "\n") {
		if request, ok := strings.CutPrefix(line, "."); ok && !slices.Contains(requests, strings.Fields(request)[0]) {
			t.Errorf("%q is taken for a request", line)
		}
	}
}

func TestAManPageHasTheDateOfItsSourceAlone(t *testing.T) {
	for epoch, want := range map[string]string{"": "", "0": "1970-01-01", "1736899199": "2025-01-14"} {
		got, err := sourceDate(func(string) (string, bool) { return epoch, epoch != "" })
		if err != nil || got != want {
			t.Errorf("SOURCE_DATE_EPOCH=%s: %q, %v; want %q", epoch, got, err, want)
		}
	}
	if _, err := sourceDate(func(string) (string, bool) { return "today", true }); err == nil {
		t.Error("SOURCE_DATE_EPOCH=today is taken")
	}
}

func TestEachShellFindsItsScript(t *testing.T) {
	scripts, err := completions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, begins := range map[string]string{
		"pbhook.bash": "# bash completion", "_pbhook": "#compdef pbhook", "pbhook.fish": "# fish completion", "pbhook.ps1": "# powershell completion",
	} {
		if !strings.HasPrefix(scripts[name], begins) {
			t.Errorf("%s begins with %.40q, want %q", name, scripts[name], begins)
		}
	}
}

func TestWhatIsWrittenIsNamedByACommandLine(t *testing.T) {
	none := func(string) (string, bool) { return "", false }
	for kind, file := range map[string]string{"man": "pbhook-send.1", "completions": "_pbhook", "markdown": "send.md"} {
		dir := filepath.Join(t.TempDir(), "new", "folder")
		if err := run(t.Context(), []string{kind, dir}, none); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			t.Errorf("%s wrote no %s", kind, file)
		}
	}
	for _, args := range [][]string{nil, {"man"}, {"pdf", t.TempDir()}} {
		if err := run(t.Context(), args, none); !errors.Is(err, errUsage) {
			t.Errorf("%q: error %v", args, err)
		}
	}
}
