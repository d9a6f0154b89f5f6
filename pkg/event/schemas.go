package event

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const maxSchema = 1 << 20 // bytes of one schema file

//go:embed envelope.json
var envelopeSchema []byte

// Schemas are the JSON Schemas (2020-12) of event types. Create them with [LoadSchemas]; they are read-only after that
// and safe for concurrent use.
//
// A type that has no schema is held to the envelope alone: id, type, created and data, with anything inside data. So
// an event type that Pocketbook adds later is not an error.
type Schemas struct {
	byType   map[Type]*schema
	envelope *schema
}

// A SchemaError says which schema file could not be used.
type SchemaError struct {
	File string // path inside its file system, "schemas/<type>.json"
	Err  error
}

func (e *SchemaError) Error() string { return fmt.Sprintf("schema %s: %v", e.File, e.Err) }

// Unwrap returns what was wrong with the file.
func (e *SchemaError) Unwrap() error { return e.Err }

// LoadSchemas reads schemas/<type>.json of every layer; where several layers have a type, the first wins, so a user's
// folder stands before the embedded one. A layer without a schemas folder is fine. A schema stands alone: a $ref that
// leaves its file is refused, nothing is fetched. Files are bounded to 1 MiB. The error is a [*SchemaError].
func LoadSchemas(layers ...fs.FS) (*Schemas, error) {
	compiler := newCompiler()
	envelope, err := compile(compiler, "envelope", envelopeSchema)
	if err != nil {
		return nil, &SchemaError{File: "envelope.json", Err: err}
	}
	schemas := &Schemas{byType: map[Type]*schema{}, envelope: envelope}
	for _, layer := range layers {
		if err := schemas.add(compiler, layer); err != nil {
			return nil, err
		}
	}
	return schemas, nil
}

func (s *Schemas) add(compiler *jsonschema.Compiler, layer fs.FS) error {
	entries, err := fs.ReadDir(layer, "schemas")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &SchemaError{File: "schemas", Err: err}
	}
	for _, entry := range entries {
		name, isSchema := strings.CutSuffix(entry.Name(), ".json")
		if !isSchema || entry.IsDir() || strings.HasPrefix(name, ".") || name == "" {
			continue
		}
		if _, known := s.byType[Type(name)]; known {
			continue
		}
		file := path.Join("schemas", entry.Name())
		source, err := readBounded(layer, file)
		if err != nil {
			return &SchemaError{File: file, Err: err}
		}
		if s.byType[Type(name)], err = compile(compiler, name, source); err != nil {
			return &SchemaError{File: file, Err: err}
		}
	}
	return nil
}

func readBounded(layer fs.FS, file string) (source []byte, err error) {
	f, err := layer.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	source, err = io.ReadAll(io.LimitReader(f, maxSchema+1))
	if err == nil && len(source) > maxSchema {
		err = fmt.Errorf("larger than %d bytes", maxSchema)
	}
	return source, err
}

// Types returns the types that have a schema: the documented ones in the guide's order, then the others by name.
func (s *Schemas) Types() []Type {
	var types, others []Type
	for _, t := range Types() {
		if _, ok := s.byType[t]; ok {
			types = append(types, t)
		}
	}
	for t := range maps.Keys(s.byType) {
		if !t.Documented() {
			others = append(others, t)
		}
	}
	slices.Sort(others)
	return append(types, others...)
}

// Source returns the schema of t as it stands in its file, and false for a type without one. The slice is the
// caller's own.
func (s *Schemas) Source(t Type) ([]byte, bool) {
	schema, ok := s.byType[t]
	if !ok {
		return nil, false
	}
	return slices.Clone(schema.source), true
}

// Description says in one sentence when an event of type t fires; it is empty where the schema does not say.
func (s *Schemas) Description(t Type) string { return s.of(t).outline.description }

// Starts returns what an event of type t begins: "certificate", "voucher", "job" or nothing. What a run remembers of
// the thing before it is forgotten then. It is the schema's x-starts.
func (s *Schemas) Starts(t Type) string { return s.of(t).outline.starts }

// of returns the schema that t is held to.
func (s *Schemas) of(t Type) *schema {
	if schema, ok := s.byType[t]; ok {
		return schema
	}
	return s.envelope
}
