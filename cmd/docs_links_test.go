package cmd_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// TestDocsLinks follows every link of the pages, and wants every page found from README.md or docs/README.md.
func TestDocsLinks(t *testing.T) {
	pages, links := map[string]*docPage{}, map[string][]string{}
	for _, page := range readDocs(t) {
		pages[page.path] = page
	}
	for _, page := range pages {
		for _, link := range page.links {
			target, err := followLink(page, link.text, pages)
			if err != nil {
				t.Errorf("%s:%d: %v", page.path, link.line, err)
			}
			links[page.path] = append(links[page.path], target)
		}
	}
	found := map[string]bool{}
	for open := []string{"README.md", "docs/README.md"}; len(open) > 0; open = open[1:] {
		if !found[open[0]] {
			found[open[0]] = true
			open = append(open, links[open[0]]...)
		}
	}
	for name := range pages {
		if !found[name] && !strings.HasPrefix(name, "docs/adr/") {
			t.Errorf("%s cannot be reached from README.md", name)
		}
	}
}

// followLink gives the page that a link leads to, and of a folder the README in it; of what is no page nothing.
func followLink(page *docPage, target string, pages map[string]*docPage) (string, error) {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return "", nil
	}
	name, anchor, _ := strings.Cut(target, "#")
	found := page.path
	if name != "" {
		found = path.Join(path.Dir(page.path), name)
	}
	info, err := os.Stat(filepath.Join(docsRoot, filepath.FromSlash(found)))
	if errors.Is(err, fs.ErrNotExist) {
		return "", errors.New("the link to " + target + " leads nowhere")
	}
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		found = path.Join(found, "README.md")
	}
	if anchor != "" && (pages[found] == nil || !pages[found].anchors[anchor]) {
		return "", errors.New("the link to " + target + " leads to no heading")
	}
	return found, nil
}

// TestDocsFlags wants every command and every flag that the pages mention to be there.
func TestDocsFlags(t *testing.T) {
	verbs := completions("")
	flags := map[string]bool{"--help": true, "--version": true} // cobra's own
	for _, verb := range verbs {
		for _, below := range append(completions(verb, ""), "") { // what is no command below it leaves the flags as they are
			for _, flag := range completions(verb, below, "--") {
				flags[flag] = true
			}
		}
	}
	for _, page := range readDocs(t) {
		for _, code := range page.codeOfPbhook() {
			if verb := verbName.FindStringSubmatch(code.text); verb != nil && !slices.Contains(verbs, verb[1]) {
				t.Errorf("%s:%d: there is no command pbhook %s", page.path, code.line, verb[1])
			}
			for _, found := range flagName.FindAllStringSubmatch(code.text, -1) {
				if !flags[found[1]] {
					t.Errorf("%s:%d: there is no flag %s", page.path, code.line, found[1])
				}
			}
		}
	}
}

var (
	verbName = regexp.MustCompile(`^pbhook ([a-z]+)\b`)
	flagName = regexp.MustCompile(`(?:^|[\s'"\[(|])(--[a-z][a-z0-9-]*)`)
)

// codeOfPbhook is the code of a page that is about pbhook: what begins with its name or with a flag, and its commands.
func (p *docPage) codeOfPbhook() []docText {
	var code []docText
	for _, span := range p.spans {
		if strings.HasPrefix(span.text, "pbhook ") || strings.HasPrefix(span.text, "-") {
			code = append(code, span)
		}
	}
	for _, block := range p.blocks {
		if !block.runs() {
			continue
		}
		commands, err := block.commands()
		if err != nil {
			continue // the page's own test tells of it
		}
		for _, command := range commands {
			for _, words := range calls(command.file) {
				if words[0] == "pbhook" {
					code = append(code, docText{strings.Join(words, " "), command.line})
				}
			}
		}
	}
	return code
}

// completions are what pbhook offers to a shell in place of the last word.
func completions(words ...string) []string {
	var out bytes.Buffer
	cmd.Main(context.Background(), cmd.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: io.Discard,
		LookupEnv: func(string) (string, bool) { return "", false },
		Now:       time.Now,
		Rand:      rand.Reader,
	}, cmd.Version{}, append([]string{"__complete"}, words...))
	var offered []string
	for line := range strings.Lines(out.String()) {
		if word, _, _ := strings.Cut(strings.TrimSpace(line), "\t"); word != "" && !strings.HasPrefix(word, ":") {
			offered = append(offered, word)
		}
	}
	return offered
}
