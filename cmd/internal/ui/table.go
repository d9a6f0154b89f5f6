package ui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

const (
	columnGap = 3  // spaces between columns
	leastWrap = 16 // columns below which the last cell goes to a line of its own
)

// Table lays rows out in aligned columns under headers, without borders. On a terminal the last column is wrapped to
// the width, and where almost no room is left for it, it follows on lines of its own; elsewhere nothing is broken, so
// that every row is one line. Cells are one line each and may carry a role's look; outside text in them passes
// [SanitizeLine] first. Without headers there is no header line. The text ends in a newline unless it is empty.
func (t *Terminal) Table(headers []string, rows [][]string) string {
	widths := columnWidths(headers, rows)
	var table strings.Builder
	if len(headers) > 0 {
		faint := make([]string, len(headers))
		for i, header := range headers {
			faint[i] = t.style.heading.Render(header)
		}
		t.row(&table, widths, faint)
	}
	for _, row := range rows {
		t.row(&table, widths, row)
	}
	return table.String()
}

func (t *Terminal) row(table *strings.Builder, widths []int, cells []string) {
	var line strings.Builder
	last := len(widths) - 1
	for i, cell := range cells {
		if i == last {
			break
		}
		line.WriteString(cell)
		line.WriteString(strings.Repeat(" ", widths[i]-lipgloss.Width(cell)+columnGap))
	}
	if len(cells) <= last {
		table.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		return
	}
	table.WriteString(strings.TrimRight(t.lastCell(line.String(), cells[last]), " ") + "\n")
}

// lastCell puts the last cell behind the others, wrapped with a hanging indent where a terminal is too narrow for it.
func (t *Terminal) lastCell(line, cell string) string {
	indent := lipgloss.Width(line)
	if !t.tty || indent+lipgloss.Width(cell) <= t.Width() {
		return line + cell
	}
	if t.Width()-indent < leastWrap {
		return strings.TrimRight(line, " ") + "\n" + Wrap(cell, columnGap, t.Width())
	}
	return line + strings.TrimLeft(Wrap(cell, indent, t.Width()), " ")
}

func columnWidths(headers []string, rows [][]string) []int {
	var widths []int
	measure := func(cells []string) {
		for i, cell := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], lipgloss.Width(cell))
		}
	}
	measure(headers)
	for _, row := range rows {
		measure(row)
	}
	return widths
}
