package cmd_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// docSetup is what testdata/docs has for a page.
type docSetup struct {
	archive *txtar.Archive
	notes   []*docNote
}

// docNote is about the first command of a page that begins with a text.
type docNote struct {
	prefix string
	before string // runs before it
	reason string // why it is not run
	found  bool
}

// archive is the name of the archive of a page.
func (p *docPage) archive() string {
	return strings.ReplaceAll(strings.TrimSuffix(p.path, ".md"), "/", "-") + ".txtar"
}

func (p *docPage) setup(t *testing.T) docSetup {
	t.Helper()
	name := p.archive()
	archive, err := txtar.ParseFile(filepath.Join("testdata/docs", name))
	if errors.Is(err, os.ErrNotExist) {
		return docSetup{archive: &txtar.Archive{}}
	}
	if err != nil {
		t.Fatal(err)
	}
	setup := docSetup{archive: archive}
	for line := range strings.Lines(setup.script("@unrun")) {
		reason, prefix, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found {
			t.Fatalf("%s: @unrun has no reason in %q", name, line)
		}
		setup.notes = append(setup.notes, &docNote{prefix: prefix, reason: reason})
	}
	for _, file := range archive.Files {
		prefix, before := strings.CutPrefix(file.Name, "@before ")
		switch {
		case before:
			setup.notes = append(setup.notes, &docNote{prefix: prefix, before: string(file.Data)})
		case strings.HasPrefix(file.Name, "@") && file.Name != "@begin" && file.Name != "@unrun":
			t.Fatalf("%s: there is no %s", name, file.Name)
		}
	}
	return setup
}

// note gives what the archive has for a command.
func (s docSetup) note(source string) docNote {
	var noted docNote
	for _, note := range s.notes {
		if strings.HasPrefix(source, note.prefix) && (!note.found || note.reason != "") {
			note.found = true
			noted.before, noted.reason = noted.before+note.before, noted.reason+note.reason
		}
	}
	return noted
}

// script is the text of a file of the archive, or nothing.
func (s docSetup) script(name string) string {
	for _, file := range s.archive.Files {
		if file.Name == name {
			return string(file.Data)
		}
	}
	return ""
}

// names finds the ports of the page, and what it gives before an output shows it.
func (p *docPage) names(t *testing.T, setup docSetup) *docNames {
	t.Helper()
	names := &docNames{literal: map[string]bool{}, ports: map[string]string{}}
	var typed strings.Builder
	typed.WriteString(docEndpoint + "\n")
	for _, file := range setup.archive.Files {
		typed.Write(file.Data)
	}
	shown := map[int]bool{}
	for _, block := range p.blocks {
		if !block.runs() {
			continue
		}
		commands, err := block.commands()
		if err != nil {
			t.Fatalf("%s: %v", p.path, err)
		}
		for _, command := range commands {
			typed.WriteString(command.source + "\n")
			for i := range command.shown {
				shown[command.after+i] = true
			}
		}
	}
	for _, found := range docPorts.FindAllStringSubmatch(typed.String(), -1) {
		if _, ok := names.ports[found[2]]; ok {
			continue
		}
		names.ports[found[2]] = ownPort(t)
	}
	first := map[string]bool{}
	for i, line := range strings.Split(string(p.source), "\n") {
		for _, token := range volatile().FindAllString(line, -1) {
			if !first[token] {
				first[token], names.literal[token] = true, !shown[i+1]
			}
		}
	}
	return names
}

// docPortsInUse are the ports of the pages that run at the same time.
var docPortsInUse sync.Map

// ownPort is a free port that no other page has.
func ownPort(t *testing.T) string {
	t.Helper()
	for {
		port, err := freePort()
		if err != nil {
			t.Fatal(err)
		}
		if _, taken := docPortsInUse.LoadOrStore(port, true); !taken {
			return port
		}
	}
}
