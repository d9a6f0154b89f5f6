package event

import (
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
	document, err := parse(source)
	if err != nil {
		return nil, err
	}
	location := "urn:pbhook:file:" + url.PathEscape(name)
	if err := compiler.AddResource(location, document.plain()); err != nil {
		return nil, err
	}
	rules, err := compiler.Compile(location)
	if err != nil {
		return nil, err
	}
	return &schema{source: source, rules: rules, outline: newOutline(document)}, nil
}
