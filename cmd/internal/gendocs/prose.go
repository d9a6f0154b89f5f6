package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// kind is what a piece of a help text is.
type kind int

const (
	words       kind = iota
	literal          // typed as it stands: a flag, a variable, a command, a URL, a quoted example
	placeholder      // what a value is put for
)

// prose finds the literals and placeholders of help texts, which are written for a terminal and mark few of them.
type prose struct{ pattern *regexp.Regexp }

func newProse(manual cmd.Manual) prose {
	var commands []string
	for _, page := range manual.Pages[1:] {
		commands = append(commands, regexp.QuoteMeta(page.Command))
	}
	slices.Reverse(commands) // what begins with another one comes before it
	return prose{regexp.MustCompile(strings.Join([]string{
		"`([^`]+)`", // as flags mark what stands for their value
		`\B'[^'\n]+'\B`,
		`\B--[a-z][a-z0-9-]*(?:=[^\s,;.)]+)?`,
		`\$?\b[A-Z]+(?:_[A-Z]+)+\b`,
		`\b[a-z]+(?:_[a-z]+)+_?`,
		`\b(?:https?|ssh)://[^\s,;)]+[^\s,;).]`,
		`\B[~.]?/?\.[a-z][\w./-]*\w`,
		`\B[~.]/[\w./-]*\w`,
		`\b(?:` + strings.Join(commands, "|") + `)\b`,
	}, "|"))}
}

// mark gives the text with each of its pieces as write has it.
func (p prose) mark(text string, write func(kind, string) string) string {
	var out strings.Builder
	rest := 0
	for _, at := range p.pattern.FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(write(words, text[rest:at[0]]))
		rest = at[1]
		if at[2] >= 0 {
			out.WriteString(write(placeholder, text[at[2]:at[3]]))
			continue
		}
		out.WriteString(write(literal, text[at[0]:at[1]]))
	}
	out.WriteString(write(words, text[rest:]))
	return out.String()
}

// block is a paragraph, or a listing: lines that stay as they are.
type block struct {
	text    string
	listing bool
}

// blocks parts a purpose. The lines of a paragraph that are indented, as below "Keys:", are a listing.
func blocks(purpose string) []block {
	var parts []block
	for _, paragraph := range strings.Split(purpose, "\n\n") {
		text, listing, indented := strings.Cut(paragraph, "\n  ")
		if !indented {
			parts = append(parts, block{text: sentence(text)})
			continue
		}
		parts = append(parts, block{text: text}, block{text: strings.ReplaceAll(listing, "\n  ", "\n"), listing: true})
	}
	return parts
}

// sentence ends a line of the help as a sentence.
func sentence(short string) string { return strings.TrimSuffix(short, ".") + "." }

// fileName is the name of a command's file, without an extension: pbhook-history-diff.
func fileName(command string) string { return strings.ReplaceAll(command, " ", "-") }

// parent is the command above a command; the one of pbhook is empty.
func parent(command string) string {
	return command[:max(0, strings.LastIndex(command, " "))]
}

// examples are the command lines of a page without their indentation.
func examples(page cmd.Page) string {
	lines := strings.Split(page.Example, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "  ")
	}
	return strings.Join(lines, "\n")
}
