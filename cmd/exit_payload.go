package cmd

import (
	"errors"
	"slices"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

// explainPayload is about what is to be sent.
func explainPayload(err error) (code int, message, hint string) {
	var (
		unknown *fixture.UnknownError
		path    *fixture.PathError
		invalid *fixture.InvalidError
		notJSON *fixture.NotJSONError
		large   *fixture.TooLargeError
		edit    *fixture.EditError
		file    *fixture.FileError
		schema  *event.SchemaError
		story   *fixture.ScenarioError
		param   *fixture.ParamError
		body    *event.BodyError
		bare    *noSchemaError
	)
	switch {
	case errors.As(err, &story):
		return exitUsage, "", "pbhook fixtures show bulk-mint is an example of a scenario"
	case errors.As(err, &unknown):
		return exitUsage, "", nearestHint(unknown.Nearest, listing(unknown.Kind))
	case errors.As(err, &path):
		return exitUsage, "", nearestHint(path.Nearest, "pbhook events show "+string(path.Type)+" lists its fields;") +
			" --no-validate sets it all the same"
	case errors.As(err, &invalid):
		return exitUsage, "", invalidHint(invalid) + "; --no-validate sends it all the same"
	case errors.As(err, &notJSON):
		return exitUsage, "", "--no-validate sends bytes that are not JSON"
	case errors.As(err, &param):
		return exitUsage, "", "pbhook fixtures show " + param.Scenario + " has the parameters; --param NAME=VALUE sets one"
	case errors.As(err, &large):
		return exitUsage, "", "a payload may have 5 MiB"
	case errors.As(err, &edit):
		return exitUsage, "", "an edit is PATH=VALUE with a dotted path, as in data.metadata.category=art"
	case errors.As(err, &bare):
		return exitUsage, "", "a type of your own has one if your fixtures hold schemas/" + string(bare.event) + ".json"
	case errors.As(err, &body):
		return exitUsage, "", "--no-validate sends it all the same"
	case errors.As(err, &file), errors.As(err, &schema):
		return exitUsage, "", "pbhook fixtures validate DIR lists every fault of a folder"
	}
	return exitSuccess, "", ""
}

// invalidHint is about values that break a schema: a number where text belongs is the common slip of --set.
func invalidHint(e *fixture.InvalidError) string {
	isText := func(v event.Violation) bool { return v.Expected == "string" && strings.HasPrefix(v.Got, "number") }
	if slices.ContainsFunc(e.Violations, isText) {
		return "--set-string makes a string of any value"
	}
	return "pbhook events show " + string(e.Type) + " lists its fields"
}

func nearestHint(names []string, otherwise string) string {
	if len(names) == 0 {
		return otherwise
	}
	return "did you mean " + strings.Join(names, ", ") + "?"
}

func listing(kind string) string {
	switch kind {
	case "event type":
		return "pbhook events list shows the event types"
	case "scenario":
		return "pbhook fixtures list shows the scenarios"
	default:
		return "pbhook fixtures show NAME shows the parameters of a scenario"
	}
}
