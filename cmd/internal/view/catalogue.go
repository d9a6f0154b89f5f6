package view

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// EventType is one row of the catalogue of event types.
type EventType struct {
	Kind        string     `json:"kind"`
	Type        event.Type `json:"type"`
	Description string     `json:"description,omitempty"`
	Source      string     `json:"source"` // whose sample it is: "embedded" or a folder
	Schema      bool       `json:"schema"`
}

// EventTypes lists the types that can be sent.
func (v *View) EventTypes(types []EventType) error {
	if v.JSON {
		for _, row := range types {
			row.Kind = "event_type"
			if err := emit(v.Out, row); err != nil {
				return err
			}
		}
		return nil
	}
	rows := make([][]string, len(types))
	for i, t := range types {
		rows[i] = []string{v.Out.Accent(string(t.Type)), sourceLabel(v, t.Source), ui.SanitizeLine(t.Description, 200)}
	}
	_, err := fmt.Fprint(v.Out, v.Out.Table([]string{"TYPE", "SAMPLE", "TELLS THAT"}, rows))
	return err
}

// EventDetail is one event type with its documented fields and its sample.
type EventDetail struct {
	EventType
	Fields []event.Field   `json:"-"`
	Sample json.RawMessage `json:"sample"`
}

// EventDetail shows one type: what its fields are, then the sample.
func (v *View) EventDetail(d EventDetail) error {
	if v.JSON {
		d.Kind = "event_type"
		return emit(v.Out, d)
	}
	fmt.Fprintf(v.Out, "%s  %s\n\n", v.Out.Bold(string(d.Type)), v.Out.Dim(ui.Sanitize(d.Description)))
	rows := make([][]string, len(d.Fields))
	for i, field := range d.Fields {
		kind := field.JSONType
		if field.Format != "" {
			kind += " (" + field.Format + ")"
		}
		presence := "optional"
		if field.Required {
			presence = "required"
		}
		rows[i] = []string{v.Out.Accent(ui.Sanitize(field.Path)), ui.Sanitize(kind), presence, ui.SanitizeLine(field.Description, 200)}
	}
	if len(rows) > 0 {
		fmt.Fprintln(v.Out, v.Out.Table([]string{"FIELD", "TYPE", "", "MEANS"}, rows))
	}
	_, err := fmt.Fprintln(v.Out, v.Out.JSON(d.Sample))
	return err
}

// Document shows a JSON document as it stands; highlighted for a person, untouched for anything else.
func (v *View) Document(body []byte) error {
	if v.Out.IsTTY() && !v.JSON {
		_, err := fmt.Fprintln(v.Out, v.Out.JSON(body))
		return err
	}
	_, err := v.Out.Write(body)
	return err
}

// Text shows a text document as it stands; sanitised where a person looks at it.
func (v *View) Text(text []byte) error {
	if v.Out.IsTTY() {
		text = []byte(ui.SanitizeText(string(text)))
	}
	_, err := v.Out.Write(text)
	return err
}

// Scenario is one row of the list of scenarios.
type Scenario struct {
	Kind        string   `json:"kind"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Source      string   `json:"source"`
	Params      []string `json:"params,omitempty"`
}

// Scenarios lists the scenarios that can be sent.
func (v *View) Scenarios(scenarios []Scenario) error {
	if v.JSON {
		for _, row := range scenarios {
			row.Kind = "scenario"
			if err := emit(v.Out, row); err != nil {
				return err
			}
		}
		return nil
	}
	rows := make([][]string, len(scenarios))
	for i, s := range scenarios {
		rows[i] = []string{v.Out.Accent(s.Name), sourceLabel(v, s.Source), ui.SanitizeLine(strings.Join(s.Params, ","), 60), ui.SanitizeLine(s.Description, 200)}
	}
	_, err := fmt.Fprint(v.Out, "\n", v.Out.Table([]string{"SCENARIO", "FROM", "PARAMETERS", "TELLS THAT"}, rows))
	return err
}

// FixtureProblem is one fault of a folder of fixtures. Line is 0 where the whole file is meant.
type FixtureProblem struct {
	Kind    string `json:"kind"`
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Problem string `json:"problem"`
}

// FixtureProblems lists the faults of a folder as compilers do, so that editors can jump to them.
func (v *View) FixtureProblems(problems []FixtureProblem) error {
	if v.JSON {
		for _, row := range problems {
			row.Kind = "fixture_problem"
			if err := emit(v.Out, row); err != nil {
				return err
			}
		}
		return nil
	}
	for _, p := range problems {
		place := p.File
		if p.Line > 0 {
			place = fmt.Sprintf("%s:%d", p.File, p.Line)
		}
		fmt.Fprintf(v.Out, "%s: %s\n", v.Out.Bold(ui.Sanitize(place)), ui.SanitizeLine(p.Problem, 400))
	}
	return nil
}

func sourceLabel(v *View, source string) string {
	return v.Out.Dim(ui.SanitizeLine(source, 60))
}
