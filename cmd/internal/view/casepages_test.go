package view

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

var update = flag.Bool("update", false, "rewrite the pages under docs/checks")

// The pages under docs/checks are what pbhook check explain prints; -update rewrites them.
func TestPagesOfCasesAreUpToDate(t *testing.T) {
	const dir = "../../../docs/checks"
	pages := map[string]string{"README.md": caseIndex(probe.Cases())}
	for _, c := range probe.Cases() {
		pages[c.ID+".md"] = CasePage(c)
	}
	if *update {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, page := range pages {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, page := range pages {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%v; go test ./cmd/internal/view -run PagesOfCases -update writes it", err)
			continue
		}
		if diff := cmp.Diff(page, string(got)); diff != "" {
			t.Errorf("%s is stale; go test ./cmd/internal/view -run PagesOfCases -update rewrites it (-want +got):\n%s", name, diff)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, known := pages[file.Name()]; !known {
			t.Errorf("%s is the page of no case", file.Name())
		}
	}
}

// caseIndex is the page that lists all cases, in Markdown.
func caseIndex(cases []probe.Case) string {
	var page strings.Builder
	page.WriteString("# The cases of `pbhook check`\n\n[Checking](../checking.md) tells how they are run and judged.\n")
	group := probe.Group("")
	for _, c := range cases {
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(&page, "\n## %s\n\n| case | | right answer | severity |\n|---|---|---|---|\n", group)
		}
		fmt.Fprintf(&page, "| [%s](%s.md) | %s | %s | %s |\n", c.ID, c.ID, markdown(c.Title), markdown(c.Wants), c.Severity)
	}
	return page.String()
}
