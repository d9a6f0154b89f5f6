package main

import (
	"fmt"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// markdownPages gives the pages of docs/commands: README.md is the one of pbhook itself, and lists the others.
func markdownPages(manual cmd.Manual) map[string]string {
	files := map[string]string{}
	for _, page := range manual.Pages {
		w := markdownWriter{prose: newProse(manual)}
		w.page(manual, page)
		files[markdownFile(page.Command)] = w.out.String()
	}
	return files
}

func markdownFile(command string) string {
	_, verbs, _ := strings.Cut(command, " ")
	if verbs == "" {
		return "README.md"
	}
	return fileName(verbs) + ".md"
}

type markdownWriter struct {
	out   strings.Builder
	prose prose
}

func (w *markdownWriter) page(manual cmd.Manual, page cmd.Page) {
	isRoot := parent(page.Command) == ""
	title, purpose := page.Command, blocks(page.Purpose)
	if isRoot {
		title = "Commands"
	}
	w.printf("# %s\n", title)
	w.blocks(purpose[:1])
	w.printf("\n```text\n%s\n```\n", strings.Join(page.Usage, "\n"))
	w.blocks(purpose[1:])
	for _, group := range page.Verbs {
		w.printf("\n## %s\n\n| command | what it does |\n|---|---|\n", group.Title)
		for _, verb := range group.Verbs {
			w.verb(manual, page.Command+" "+verb.Name)
		}
	}
	if page.Example != "" && !isRoot {
		w.printf("\n## Examples\n\n```sh\n%s\n```\n", examples(page))
	}
	w.flags(page)
	if isRoot {
		w.heading("Global flags")
		w.flagTable(manual.GlobalFlags)
		w.heading("Environment")
		w.entries("variable", "what it says", manual.Variables)
		w.heading("Files")
		w.entries("file", "what it is", manual.Files)
	}
	w.seeAlso(manual, page)
}

func (w *markdownWriter) blocks(blocks []block) {
	for _, block := range blocks {
		if block.listing {
			w.printf("\n```text\n%s\n```\n", block.text)
			continue
		}
		w.printf("\n%s\n", w.text(block.text))
	}
}

// verb writes the row of a command, and on the page of pbhook those of the commands below it.
func (w *markdownWriter) verb(manual cmd.Manual, command string) {
	for _, page := range manual.Pages {
		switch {
		case page.Command == command:
			w.row(link(strings.TrimPrefix(command, "pbhook "), markdownFile(command)), w.text(page.Short))
		case parent(page.Command) == command && parent(parent(command)) == "":
			w.row(link(strings.TrimPrefix(page.Command, "pbhook "), markdownFile(page.Command)), w.text(page.Short))
		}
	}
}

func (w *markdownWriter) flags(page cmd.Page) {
	if len(page.Flags) == 0 {
		return
	}
	w.printf("\n## Flags\n")
	for _, group := range page.Flags {
		if group.Title != "Flags" {
			w.printf("\n### %s\n", group.Title)
		}
		w.printf("\n")
		w.flagTable(group.Flags)
	}
}

func (w *markdownWriter) flagTable(flags []cmd.Flag) {
	w.printf("| flag | what it does |\n|---|---|\n")
	for _, flag := range flags {
		term := code(flag.Form(flag.Name, flag.Value))
		if flag.Shorthand != "" {
			term = code(flag.Shorthand) + ", " + term
		}
		text := w.text(flag.Text)
		if flag.Default != "" {
			text += " (default " + code(flag.Default) + ")"
		}
		w.row(term, text)
	}
}

func (w *markdownWriter) entries(name, text string, entries []cmd.Entry) {
	w.printf("| %s | %s |\n|---|---|\n", name, text)
	for _, entry := range entries {
		var names []string
		for _, name := range strings.Split(entry.Name, ", ") {
			names = append(names, code(name))
		}
		w.row(strings.Join(names, ", "), w.text(entry.Text))
	}
}

func (w *markdownWriter) seeAlso(manual cmd.Manual, page cmd.Page) {
	w.heading("See also")
	for _, other := range manual.Pages {
		if other.Command == parent(page.Command) {
			w.printf("- %s: %s\n", link(other.Command, markdownFile(other.Command)), w.text(other.Short))
		}
	}
	for _, guide := range guides(page.Command) {
		w.printf("- %s\n", guide)
	}
	if parent(page.Command) != "" {
		w.printf("- %s\n", link("Global flags", "README.md#global-flags"))
	}
	w.printf("- %s\n", link("Exit codes", "../exit-codes.md"))
}

func (w *markdownWriter) printf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }
func (w *markdownWriter) heading(title string)              { w.printf("\n## %s\n\n", title) }

// row writes a row of two cells; a bar inside of one would end it.
func (w *markdownWriter) row(name, text string) {
	bar := strings.NewReplacer("|", `\|`)
	w.printf("| %s | %s |\n", bar.Replace(name), bar.Replace(text))
}

func (w *markdownWriter) text(text string) string {
	return w.prose.mark(text, func(kind kind, text string) string {
		if kind == words {
			return strings.NewReplacer("<", "&lt;", "*", `\*`, "[", `\[`, "_", `\_`).Replace(text)
		}
		return code(text)
	})
}

func code(text string) string         { return "`" + text + "`" }
func link(text, target string) string { return "[" + text + "](" + target + ")" }
