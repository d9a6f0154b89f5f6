package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// namedTest is how docs/security.md names a test: package, name, and of a test that runs scripts the script.
var namedTest = regexp.MustCompile("`([a-z/]+) ((?:Test|Fuzz)[A-Za-z0-9]+)(?:/([a-z-]+))?`")

// TestTheSecurityPageNamesTestsThatExist keeps the page from claiming proofs that were renamed or removed, and rows without one.
func TestTheSecurityPageNamesTestsThatExist(t *testing.T) {
	page, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	proven := false // whether this table is one of proofs
	rows := 0
	for line := range strings.Lines(string(page)) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			proven = false
		case strings.HasSuffix(line, "| tests |"):
			proven = true
		case proven && !strings.HasPrefix(line, "|---"):
			rows++
			if !namedTest.MatchString(line) {
				t.Errorf("a row without a test: %s", line)
			}
		}
		for _, name := range namedTest.FindAllStringSubmatch(line, -1) {
			if err := findTest(name[1], name[2], name[3]); err != nil {
				t.Errorf("%s: %v", name[0], err)
			}
		}
		for _, code := range regexp.MustCompile("`[^`]*`").FindAllString(line, -1) {
			if proven && regexp.MustCompile(`(?:Test|Fuzz)[A-Z]`).MatchString(code) && !namedTest.MatchString(code) {
				t.Errorf("%s is not the name of a test as the page writes it", code)
			}
		}
	}
	if rows < 20 {
		t.Errorf("the page has %d rows", rows)
	}
}

// scriptFolders are where the tests that run scripts have them.
var scriptFolders = map[string]string{"TestScripts": "testdata/script", "TestEndToEnd": "testdata/e2e"}

func findTest(pkg, name, script string) error {
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(pkg), "*_test.go"))
	if err != nil {
		return err
	}
	found := false
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		found = found || strings.Contains(string(source), "\nfunc "+name+"(")
	}
	if !found {
		return fmt.Errorf("there is no such function in %s", pkg)
	}
	if script == "" {
		return nil
	}
	folder, ok := scriptFolders[name]
	if !ok {
		return fmt.Errorf("%s runs no scripts", name)
	}
	_, err = os.Stat(filepath.Join(folder, script+".txtar"))
	return err
}
