package ui

import "github.com/fatih/color"

// roles are the few looks a word can have on a line; each is switched on its own, so no global of the library counts.
type roles struct {
	good, bad, warn, dim, bold, accent, arrow *color.Color
}

func newRoles(colored bool) roles {
	role := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		if colored {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c
	}
	return roles{
		good:   role(color.FgGreen),
		bad:    role(color.FgRed),
		warn:   role(color.FgYellow),
		dim:    role(color.Faint),
		bold:   role(color.Bold),
		accent: role(color.FgCyan),
		arrow:  role(color.FgCyan, color.Bold),
	}
}

// Good is for what went well: green.
func (t *Terminal) Good(s string) string { return paint(t.roles.good, s) }

// Bad is for what failed: red.
func (t *Terminal) Bad(s string) string { return paint(t.roles.bad, s) }

// Warn is for what went well but should not stay so: yellow.
func (t *Terminal) Warn(s string) string { return paint(t.roles.warn, s) }

// Dim is for what is there to be looked up, such as times and ids: faint.
func (t *Terminal) Dim(s string) string { return paint(t.roles.dim, s) }

// Bold is for headings and for the one word of a line that matters.
func (t *Terminal) Bold(s string) string { return paint(t.roles.bold, s) }

// Accent is for names that can be typed: cyan.
func (t *Terminal) Accent(s string) string { return paint(t.roles.accent, s) }

// Arrow is for the direction of a delivery, --> and <--: bold cyan.
func (t *Terminal) Arrow(s string) string { return paint(t.roles.arrow, s) }

func paint(c *color.Color, s string) string {
	if s == "" {
		return ""
	}
	return c.Sprint(s)
}
