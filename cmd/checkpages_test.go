package cmd_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// The pages under docs/checks are what pbhook check explain prints; -update rewrites them.
func TestPagesOfCasesAreUpToDate(t *testing.T) {
	const dir = "../docs/checks"
	pages := map[string]string{"README.md": view.CaseIndex(probe.Cases())}
	for _, c := range probe.Cases() {
		pages[c.ID+".md"] = view.CasePage(c)
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
			t.Errorf("%v; go test ./cmd -run PagesOfCases -update writes it", err)
			continue
		}
		if diff := cmp.Diff(page, string(got)); diff != "" {
			t.Errorf("%s is stale; go test ./cmd -run PagesOfCases -update rewrites it (-want +got):\n%s", name, diff)
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
