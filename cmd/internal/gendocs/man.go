package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd"
)

const manSection = "1" // user commands

// manPages gives the page of every command as man(7) source, by the names under which man looks for them.
func manPages(manual cmd.Manual, date string) map[string]string {
	files := map[string]string{}
	for _, page := range manual.Pages {
		w := manWriter{prose: newProse(manual)}
		w.page(manual, page, date)
		files[fileName(page.Command)+"."+manSection] = w.out.String()
	}
	return files
}

type manWriter struct {
	out   strings.Builder
	prose prose
}

func (w *manWriter) page(manual cmd.Manual, page cmd.Page, date string) {
	fmt.Fprintf(&w.out, ".TH %s %s %q %q %q\n", strings.ToUpper(fileName(page.Command)), manSection, date, "pbhook", "pbhook manual")
	w.out.WriteString(".ad l\n") // without it a line of options has gaps
	w.section("NAME")
	w.line(escapeLiteral(fileName(page.Command)) + ` \- ` + escapeWords(page.Short))
	w.section("SYNOPSIS")
	for i, usage := range page.Usage {
		if i > 0 {
			w.out.WriteString(".br\n")
		}
		w.line(synopsis(usage))
	}
	w.section("DESCRIPTION")
	w.blocks(page.Purpose)
	if len(page.Verbs) > 0 {
		w.section("COMMANDS")
	}
	for _, group := range page.Verbs {
		if len(page.Verbs) > 1 {
			w.subsection(group.Title)
		}
		for _, verb := range group.Verbs {
			w.entry(reference(page.Command+" "+verb.Name), sentence(verb.Text))
		}
	}
	if page.Example != "" {
		w.section("EXAMPLES")
		w.verbatim(examples(page))
	}
	w.section("OPTIONS")
	for _, group := range page.Flags {
		w.options(group.Title, group.Flags)
	}
	w.options("Global flags", manual.GlobalFlags)
	w.section("EXIT STATUS")
	w.entries(manual.ExitCodes)
	if parent(page.Command) == "" {
		w.section("ENVIRONMENT")
		w.entries(manual.Variables)
		w.section("FILES")
		w.entries(manual.Files)
	}
	w.seeAlso(manual, page.Command)
}

func (w *manWriter) section(title string)    { fmt.Fprintf(&w.out, ".SH %s\n", title) }
func (w *manWriter) subsection(title string) { fmt.Fprintf(&w.out, ".SS %s\n", escapeWords(title)) }

// line writes text that is roff already; it never becomes a request by how it begins.
func (w *manWriter) line(roff string) {
	if strings.HasPrefix(roff, ".") || strings.HasPrefix(roff, "'") {
		roff = `\&` + roff
	}
	w.out.WriteString(roff + "\n")
}

func (w *manWriter) blocks(text string) {
	for i, block := range blocks(text) {
		if block.listing {
			w.out.WriteString(".RS 2\n")
			w.verbatim(block.text)
			w.out.WriteString(".RE\n")
			continue
		}
		if i > 0 {
			w.out.WriteString(".PP\n")
		}
		w.text(block.text)
	}
}

// text writes a text in lines that end with a sentence or are about as long as a line on screen.
func (w *manWriter) text(text string) {
	var line string
	for _, word := range strings.Fields(w.prose.mark(text, font)) {
		if line != "" && (len(line)+len(word) > 76 || strings.HasSuffix(line, ".")) {
			w.line(line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	w.line(line)
}

func (w *manWriter) verbatim(text string) {
	w.out.WriteString(".EX\n")
	for _, line := range strings.Split(text, "\n") {
		w.line(escapeLiteral(line))
	}
	w.out.WriteString(".EE\n")
}

func (w *manWriter) entries(entries []cmd.Entry) {
	for _, entry := range entries {
		w.entry(bold(entry.Name), sentence(entry.Text))
	}
}

// entry writes a term, which is roff already, and what it stands for.
func (w *manWriter) entry(term, text string) {
	w.out.WriteString(".TP\n")
	w.line(term)
	w.text(text)
}

func (w *manWriter) options(title string, flags []cmd.Flag) {
	w.subsection(title)
	for _, flag := range flags {
		term := bold(flag.Name)
		if flag.Shorthand != "" {
			term = bold(flag.Shorthand) + ", " + term
		}
		text := flag.Text
		if flag.Default != "" {
			text += " (default " + flag.Default + ")"
		}
		w.entry(flag.Form(term, italic(flag.Value)), sentence(text))
	}
}

// seeAlso names the command above and those beside a page; those below it stand under COMMANDS.
func (w *manWriter) seeAlso(manual cmd.Manual, command string) {
	w.section("SEE ALSO")
	above := parent(command)
	var near []string
	for _, other := range manual.Pages {
		beside := parent(other.Command) == above && other.Command != command
		if other.Command == above || beside && parent(above) != "" {
			near = append(near, reference(other.Command))
		}
	}
	if len(near) > 0 {
		w.line(strings.Join(near, ",\n"))
		w.out.WriteString(".PP\n")
	}
	w.line("https://github.com/pocketbook\\-studio/pbhook")
}

func reference(command string) string {
	return bold(fileName(command)) + "(" + manSection + ")"
}

// synopsis sets what is typed as it stands in bold, and what is put for something else in italics.
func synopsis(usage string) string {
	parts := strings.Fields(usage)
	for i, part := range parts {
		switch {
		case strings.ToLower(part) == part && !strings.HasPrefix(part, "["):
			parts[i] = bold(part)
		case part != "[flags]":
			parts[i] = regexp.MustCompile(`[A-Z]+`).ReplaceAllStringFunc(part, italic)
		}
	}
	return strings.Join(parts, " ")
}

func font(kind kind, text string) string {
	switch kind {
	case literal:
		return bold(text)
	case placeholder:
		return italic(text)
	default:
		return escapeWords(text)
	}
}

func bold(text string) string   { return `\fB` + unbroken(text) + `\fR` }
func italic(text string) string { return `\fI` + unbroken(text) + `\fR` }

// unbroken keeps each word whole: a name with a hyphen put into it cannot be copied.
func unbroken(text string) string { return `\%` + strings.ReplaceAll(escapeLiteral(text), " ", ` \%`) }

func escapeWords(text string) string { return strings.ReplaceAll(text, `\`, `\e`) }

// escapeLiteral keeps the characters that a typesetter would replace by better-looking ones (groff_char(7)).
func escapeLiteral(text string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(text)
}
