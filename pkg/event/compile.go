package event

import (
	"bytes"
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

func compile(name string, source []byte) (*schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(source))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.UseLoader(closed{})
	compiler.AssertFormat()
	for _, format := range newFormats() {
		compiler.RegisterFormat(format)
	}
	location := "urn:pbhook:file:" + url.PathEscape(name)
	if err := compiler.AddResource(location, document); err != nil {
		return nil, err
	}
	rules, err := compiler.Compile(location)
	if err != nil {
		return nil, err
	}
	outline, err := newOutline(source)
	if err != nil {
		return nil, err
	}
	return &schema{source: source, rules: rules, outline: outline}, nil
}
