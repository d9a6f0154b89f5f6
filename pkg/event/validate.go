package event

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

const maxViolations = 50

// A Violation is one value of a body that breaks the schema of its type.
type Violation struct {
	Path     string // dotted, array items by number: "data.tokenId"; empty for the body itself
	Expected string // such as "string" or "evm-address (0x and 40 hex digits)"
	Got      string // such as "number 7" or "nothing"
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: expected %s, got %s", cmp.Or(v.Path, "body"), v.Expected, v.Got)
}

// Validate lists what breaks the schema of t in a body, sorted by path, at most 50 of them; none means valid. Fields
// that the schema does not document break nothing, see [Schemas.Unknown]. For a type without a schema only the envelope
// is checked. The error is a [*BodyError] for a body that is not JSON within bounds.
func (s *Schemas) Validate(t Type, body []byte) ([]Violation, error) {
	root, err := parse(body, uniqueInEnvelope)
	if err != nil {
		return nil, err
	}
	return s.of(t).violations(root), nil
}

func (s *schema) violations(body *value) []Violation {
	var invalid *jsonschema.ValidationError
	if !errors.As(s.rules.Validate(body.plain()), &invalid) {
		return nil
	}
	return judge(invalid, body, s.outline)
}

// judge turns what the validator found in a body into violations.
func judge(invalid *jsonschema.ValidationError, body *value, outline *node) []Violation {
	found := collect(nil, invalid, body, outline)
	slices.SortFunc(found, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Expected, b.Expected))
	})
	found = slices.Compact(found)
	return found[:min(len(found), maxViolations)]
}

func collect(found []Violation, e *jsonschema.ValidationError, body *value, outline *node) []Violation {
	violation := func(expected string, at ...string) Violation {
		return Violation{Path: dotted(at), Expected: expected, Got: body.at(at).String()}
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		for _, cause := range e.Causes {
			found = collect(found, cause, body, outline)
		}
	case *kind.Required:
		for _, name := range k.Missing {
			at := append(slices.Clone(e.InstanceLocation), name)
			found = append(found, violation(cmp.Or(outline.at(at).kind, "a value"), at...))
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			found = append(found, violation("nothing", append(slices.Clone(e.InstanceLocation), name)...))
		}
	default:
		found = append(found, violation(expected(e.ErrorKind), e.InstanceLocation...))
	}
	return found
}

func dotted(location []string) string {
	var path string
	for _, name := range location {
		path = join(path, shorten(name))
	}
	return path
}

// expected words what a keyword of the schema asks for.
func expected(asked jsonschema.ErrorKind) string {
	switch k := asked.(type) {
	case *kind.FalseSchema:
		return "nothing"
	case *kind.Type:
		return strings.Join(k.Want, " or ")
	case *kind.Const:
		return describe(k.Want)
	case *kind.Enum:
		words := make([]string, len(k.Want))
		for i, want := range k.Want {
			words[i] = describe(want)
		}
		return strings.Join(words, " or ")
	case *kind.Format:
		if words := formatWords(k.Want); words != "" {
			return fmt.Sprintf("%s (%s)", k.Want, words)
		}
		return k.Want
	case *kind.Pattern:
		return "text that matches " + k.Want
	case *kind.Minimum:
		return "at least " + k.Want.RatString()
	case *kind.Maximum:
		return "at most " + k.Want.RatString()
	case *kind.MinLength:
		return fmt.Sprintf("at least %d characters", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("at most %d characters", k.Want)
	}
	return "what JSON Schema asks with " + strings.Join(asked.KeywordPath(), " ")
}
