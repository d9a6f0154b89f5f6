package ui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Wrap breaks text at spaces into lines of at most width columns, each led by indent spaces. Newlines of the text stay,
// a line of it that begins with white space stays whole, and so does a word that is too long for a line, because it is
// there to be copied.
func Wrap(text string, indent, width int) string {
	margin := strings.Repeat(" ", max(0, indent))
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		if strings.TrimLeft(paragraph, " \t") != paragraph {
			lines = append(lines, margin+paragraph)
			continue
		}
		for _, line := range fill(paragraph, width-len(margin)) {
			lines = append(lines, strings.TrimRight(margin+line, " "))
		}
	}
	return strings.Join(lines, "\n")
}

// fill puts as many words on each line as fit; it gives at least one line.
func fill(paragraph string, width int) []string {
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(paragraph) {
		size := lipgloss.Width(word)
		switch {
		case line == "":
			line, used = word, size
		case used+1+size <= width:
			line, used = line+" "+word, used+1+size
		default:
			lines = append(lines, line)
			line, used = word, size
		}
	}
	return append(lines, line)
}
