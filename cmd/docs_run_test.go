package cmd_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

// docEndpoint is where pbhook sends by default, and in a test only where that is so configured.
const docEndpoint = "http://localhost:3000/webhooks/pocketbook"

// docFile finds the name of a file in the comment that a block begins with.
var docFile = regexp.MustCompile(`^(?:#|//) ([\w.][\w./-]*\.\w+)\n`)

// run runs the page from top to bottom.
func (p *docPage) run(t *testing.T) {
	setup := p.setup(t)
	if runtime.GOOS == "windows" {
		t.Skip("the pages are written for a POSIX shell")
	}
	if !slices.ContainsFunc(p.blocks, docBlock.runs) {
		return
	}
	d := newDocTerminal(t, p.names(t, setup))
	for _, file := range setup.archive.Files {
		if !strings.HasPrefix(file.Name, "@") {
			d.write("shop/"+file.Name, string(file.Data))
		}
	}
	d.write(".config/pbhook/config.yaml", "to: "+docEndpoint+"\n")
	d.prepare(setup.script("@begin"))
	for _, block := range p.blocks {
		if named := docFile.FindStringSubmatch(block.text); named != nil && !block.runs() {
			d.write("shop/"+named[1], block.text)
		}
		if !block.runs() {
			continue
		}
		commands, err := block.commands()
		if err != nil {
			t.Fatalf("%s: %v", p.path, err)
		}
		d.block(commands, setup)
	}
	for len(d.servers) > 0 {
		d.end(d.servers[len(d.servers)-1])
	}
	for _, note := range setup.notes {
		if !note.found {
			t.Errorf("%s has no command that begins with %q; the archive does", p.path, note.prefix)
		}
	}
	if *update {
		d.rewrite(p)
	}
}

func (b docBlock) runs() bool { return b.language == "console" || b.language == "sh" }

// block runs the commands of one block. One that goes on is ended by the next.
func (d *docTerminal) block(commands []docCommand, setup docSetup) {
	var running *docServer
	for _, command := range commands {
		if running != nil && slices.Contains(d.servers, running) {
			d.end(running)
		}
		running = nil
		note := setup.note(command.source)
		if note.reason != "" || (!foreignPrograms && isForeign(calls(command.file))) {
			continue
		}
		if testing.Verbose() {
			d.t.Logf("line %d: %s", command.line, command.source)
		}
		d.prepare(note.before)
		typed, err := parseShell(d.names.typed(command.source))
		if err != nil {
			d.t.Fatalf("line %d: %v", command.line, err)
		}
		server, err := d.run(command, typed)
		if errors.Is(err, errStillRunning) {
			running = server
			continue
		}
		d.check(command, server.out.String(), err)
	}
}

// write makes a file in the home of the reader.
func (d *docTerminal) write(name, text string) {
	path := filepath.Join(d.root, "home/ada", filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(d.names.typed(text)), 0o600)); err != nil {
		d.t.Fatal(err)
	}
}

// prepare runs what a reader did before.
func (d *docTerminal) prepare(script string) {
	file, err := parseShell(d.names.typed(script))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, statement := range file.Stmts {
		one := *file
		one.Stmts = append(one.Stmts[:0:0], statement)
		server, err := d.run(docCommand{}, &one)
		if err != nil && !errors.Is(err, errStillRunning) {
			d.t.Fatalf("before the page: %v\n%s\n%s", err, script, server.out)
		}
	}
}

// check judges a command that has ended.
func (d *docTerminal) check(command docCommand, printed string, err error) {
	d.t.Helper()
	printed = d.names.told(d.root, printed)
	shown := strings.Join(command.shown, "\n")
	switch {
	case err == nil, *update && len(command.shown) > 0:
	case len(command.shown) == 0 && !strings.HasSuffix(printed, ", as it should be\n"),
		len(command.shown) > 0 && !strings.Contains(shown, "pbhook: error: ") && !strings.Contains(shown, `"kind":"error"`):
		d.t.Errorf("line %d: %s\nends with %v and prints\n%s", command.line, command.source, err, clip(printed))
		return
	}
	if len(command.shown) > 0 {
		d.compare(command, command.shown, printed)
	}
}

func (d *docTerminal) compare(command docCommand, shown []string, printed string) {
	d.t.Helper()
	if len(shown) == 0 {
		return
	}
	err := d.names.match(shown, printed)
	if err == nil {
		return
	}
	lines := strings.Split(strings.TrimSuffix(printed, "\n"), "\n")
	if *update && !slices.ContainsFunc(shown, func(line string) bool { return line == "…" || line == "..." || strings.HasSuffix(line, " …") }) {
		d.changed = append(d.changed, docChange{command, lines})
		return
	}
	differs := diff.Diff("page", []byte(mask(shown)), "run", []byte(mask(lines)))
	if differs != nil { // otherwise an id stands where another should, and any line may be the one
		printed = clip(printed)
	}
	d.t.Errorf("line %d: %s\n%v\n%s\nit printed\n%s", command.line, command.source, err, differs, printed)
}

// clip leaves the last lines of a long output.
func clip(printed string) string {
	lines := strings.SplitAfter(printed, "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "")
}

// docChange is what a command prints in place of what the page shows.
type docChange struct {
	command docCommand
	printed []string
}

// rewrite puts what was printed into the page.
func (d *docTerminal) rewrite(p *docPage) {
	lines := strings.Split(string(p.source), "\n")
	slices.SortFunc(d.changed, func(a, b docChange) int { return b.command.line - a.command.line })
	for _, change := range d.changed {
		from := change.command.after - 1
		lines = slices.Replace(lines, from, from+len(change.command.shown), change.printed...)
	}
	if err := os.WriteFile(filepath.Join(docsRoot, p.path), []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		d.t.Error(err)
	}
}
