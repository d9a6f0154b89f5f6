package view

import (
	"fmt"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/probe"
)

// Cases lists the cases of a check.
func (v *View) Cases(cases []probe.Case) error {
	if v.JSON {
		for _, c := range cases {
			if err := emit(v.Out, caseDefinition(c)); err != nil {
				return err
			}
		}
		return nil
	}
	rows := make([][]string, len(cases))
	for i, c := range cases {
		rows[i] = []string{v.Out.Accent(c.ID), c.Severity.String(), c.Wants, c.Title}
	}
	_, err := fmt.Fprint(v.Out, v.Out.Table([]string{"CASE", "SEVERITY", "RIGHT ANSWER", "TITLE"}, rows))
	return err
}

// CasePage prints the page of one case; as JSON, its record.
func (v *View) CasePage(c probe.Case) error {
	if v.JSON {
		return emit(v.Out, caseDefinition(c))
	}
	return v.Text([]byte(CasePage(c)))
}

// caseDefinition is a case before it was tried.
func caseDefinition(c probe.Case) any {
	return struct {
		Kind     string         `json:"kind"`
		ID       string         `json:"id"`
		Title    string         `json:"title"`
		Group    probe.Group    `json:"group"`
		Severity probe.Severity `json:"severity"`
		Sends    string         `json:"sends"`
		Wants    string         `json:"wants"`
		Why      string         `json:"why"`
		Fix      string         `json:"fix"`
		Docs     string         `json:"docs"`
	}{"check_definition", c.ID, c.Title, c.Group, c.Severity, c.Sends, c.Wants, c.Why, c.Fix, c.DocsURL()}
}

// CasePage is the page of one case under docs/checks, in Markdown.
func CasePage(c probe.Case) string {
	var page strings.Builder
	fmt.Fprintf(&page, "# %s\n\n%s.\n\n", c.ID, c.Title)
	fmt.Fprintf(&page, "| group | severity | sent | right answer |\n|---|---|---|---|\n| %s | %s | %s | %s |\n\n",
		c.Group, c.Severity, markdown(c.Sends), markdown(c.Wants))
	fmt.Fprintf(&page, "## Why it matters\n\n%s\n\n## What to do\n\n%s.\n", markdown(c.Why), markdown(capital(c.Fix)))
	if c.RawBody {
		page.WriteString("\nHow to get at the raw body:\n")
		for _, fix := range forensics.Fixes() {
			fmt.Fprintf(&page, "\n**%s**: %s\n\n```\n%s\n```\n", fix.Framework, fix.Text, fix.Code)
		}
	}
	fmt.Fprintf(&page, "\n## Try it\n\n```console\n$ pbhook check http://localhost:3000/webhooks/pocketbook --select %s -v\n```\n", c.ID)
	return page.String()
}

// capital begins a sentence of our own.
func capital(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }
