package cmd_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
)

// docLanguages are the languages of blocks with what is asked of such a block; nothing of those that only show something.
var docLanguages = map[string]func(text string) error{
	"console": nil, "sh": nil, // these run
	"json": validJSON, "yaml": validYAML, "go": goodGo,
	"text": nil, "ini": nil, "make": nil, "http": nil, "html": nil, "toml": nil, "diff": nil, "mermaid": nil,
	"js": nil, "ts": nil, "python": nil, "ruby": nil, "php": nil, "java": nil, "powershell": nil, "dockerfile": nil,
}

func (p *docPage) checkBlocks(t *testing.T) {
	for _, block := range p.blocks {
		check, known := docLanguages[block.language]
		if !known {
			t.Errorf("line %d: a block of language %q; docLanguages names those there are", block.line, block.language)
			continue
		}
		if !block.runs() && strings.Contains("\n"+block.text, "\n$ pbhook ") {
			t.Errorf("line %d: commands of pbhook stand in a console block, so that they are run", block.line)
		}
		if check == nil {
			continue
		}
		if err := check(block.text); err != nil {
			t.Errorf("line %d: %v", block.line, err)
		}
	}
}

func validJSON(text string) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	for decoder.More() {
		var value any
		if err := decoder.Decode(&value); err != nil {
			return err
		}
	}
	return nil
}

func validYAML(text string) error {
	var value any
	return yaml.Unmarshal([]byte(text), &value)
}

// goodGo vets a whole file, and looks for an excerpt in the files that are compiled and tested anyway.
func goodGo(text string) error {
	if strings.HasPrefix(text, "package ") || strings.Contains(text, "\npackage ") {
		return vetGo(text)
	}
	files, err := goFiles()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(files, excerpt(text).MatchString) {
		return nil
	}
	return errors.New("no Go file of this repository has these lines; take them from one, such as an example of a package")
}

func vetGo(text string) error {
	dir, err := os.MkdirTemp("", "pbhook-docs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "main.go")
	if strings.Contains(text, "\nfunc Test") || strings.Contains(text, "\nfunc Example") {
		name = filepath.Join(dir, "main_test.go")
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		return err
	}
	vet := exec.Command("go", "vet", name)
	vet.Dir = docsRoot
	if out, err := vet.CombinedOutput(); err != nil {
		return errors.New(string(out))
	}
	return nil
}

// goFiles are the texts of all Go files of this repository.
var goFiles = sync.OnceValues(func() ([]string, error) {
	var files []string
	err := filepath.WalkDir(docsRoot, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		files = append(files, string(text))
		return err
	})
	return files, err
})

// excerpt matches a text with these lines, whatever their indentation. A line `…` stands for any lines.
func excerpt(text string) *regexp.Regexp {
	var expression strings.Builder
	expression.WriteString("(?m)^")
	for line := range strings.Lines(strings.TrimSpace(text) + "\n") {
		if line = strings.TrimSpace(line); line == "…" {
			expression.WriteString(`(?:.*\n)*?`)
			continue
		}
		expression.WriteString(`[ \t]*` + regexp.QuoteMeta(line) + `\n`)
	}
	return regexp.MustCompile(expression.String())
}
