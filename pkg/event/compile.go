package event

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schema is one compiled schema and the outline of the values it documents.
type schema struct {
	source  []byte
	rules   *jsonschema.Schema
	outline *node
}

// closed is the loader of schemas that stand alone.
type closed struct{}

func (closed) Load(url string) (any, error) {
	return nil, fmt.Errorf("refers to %s, but a schema may only refer to itself", url)
}

// newCompiler returns a compiler that asserts formats, ours among them, and fetches nothing.
func newCompiler() *jsonschema.Compiler {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseLoader(closed{})
	compiler.AssertFormat()
	for _, format := range newFormats() {
		compiler.RegisterFormat(format)
	}
	return compiler
}

func compile(compiler *jsonschema.Compiler, name string, source []byte) (*schema, error) {
	document, err := parse(source, uniqueEverywhere)
	if err != nil {
		return nil, inFile(err, nil)
	}
	location := "urn:pbhook:file:" + url.PathEscape(name)
	if err := compiler.AddResource(location, document.plain()); err != nil {
		return nil, err
	}
	rules, err := compiler.Compile(location)
	if err != nil {
		return nil, inFile(err, document)
	}
	return &schema{source: source, rules: rules, outline: newOutline(document)}, nil
}

// inFile says in one line what is wrong with a schema file.
func inFile(err error, document *value) error {
	var broken *BodyError
	if errors.As(err, &broken) {
		return errors.New(broken.reason())
	}
	var invalid *jsonschema.ValidationError
	var refused *jsonschema.SchemaValidationError
	if !errors.As(err, &refused) || !errors.As(refused.Err, &invalid) {
		return err
	}
	if found := judge(invalid, document, &node{}); len(found) > 0 {
		return errors.New(found[0].String())
	}
	return err
}
