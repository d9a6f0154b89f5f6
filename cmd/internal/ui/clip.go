package ui

import "github.com/charmbracelet/x/ansi"

// Columns is how many columns of a terminal text takes.
func Columns(text string) int { return ansi.StringWidth(text) }

// ClipEnd shortens text to width columns; "…" stands for the end that was cut off. Text from outside passes [Sanitize]
// first.
func ClipEnd(text string, width int) string {
	if width < 1 {
		return ""
	}
	return ansi.Truncate(text, width, "…")
}

// ClipStart is [ClipEnd] for text whose end is to be kept. The library's TruncateLeft may keep half a wide character too
// many.
func ClipStart(text string, width int) string {
	if width < 1 {
		return ""
	}
	if Columns(text) <= width {
		return text
	}
	runes := []rune(text)
	begin := len(runes)
	for room := width - 1; begin > 0; begin-- {
		if room -= Columns(string(runes[begin-1])); room < 0 {
			break
		}
	}
	return "…" + string(runes[begin:])
}
