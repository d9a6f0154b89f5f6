package event_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
)

// layer is a file system with schemas by type.
func layer(schemas map[string]string) fs.FS {
	files := fstest.MapFS{}
	for name, source := range schemas {
		files["schemas/"+name+".json"] = &fstest.MapFile{Data: []byte(source)}
	}
	return files
}

func load(tb testing.TB, layers ...fs.FS) *event.Schemas {
	tb.Helper()
	schemas, err := event.LoadSchemas(layers...)
	if err != nil {
		tb.Fatal(err)
	}
	return schemas
}

func TestSchemasOfTheFirstLayerWinAndOtherTypesAreAdded(t *testing.T) {
	user := layer(map[string]string{
		"certificate.minted": `{"description":"mine"}`,
		"voucher.frozen":     `{"description":"new","x-starts":"voucher"}`,
		"a.first":            `true`,
		".hidden":            `{`,
	})
	schemas := load(t, user, fstest.MapFS{}, fixtures.FS())
	if diff := cmp.Diff(append(event.Types(), "a.first", "voucher.frozen"), schemas.Types()); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	for typ, want := range map[event.Type][2]string{
		event.TypeCertificateMinted:  {"mine", ""},
		event.TypeCertificateCreated: {"A certificate came into being.", "certificate"},
		event.TypeBulkJobStarted:     {"A bulk mint began.", "job"},
		"voucher.frozen":             {"new", "voucher"},
		"a.first":                    {"", ""},
		"no.schema":                  {"", ""},
	} {
		if got := [2]string{schemas.Description(typ), schemas.Starts(typ)}; got != want {
			t.Errorf("%s: description and starts %q, want %q", typ, got, want)
		}
	}
}

func TestSourceIsTheFileAndTheCallersOwn(t *testing.T) {
	schemas := load(t, layer(map[string]string{"a.b": ` { } `}))
	source, ok := schemas.Source("a.b")
	if !ok || string(source) != ` { } ` {
		t.Fatalf("%q, %t", source, ok)
	}
	clear(source)
	if again, _ := schemas.Source("a.b"); string(again) != ` { } ` {
		t.Errorf("a caller changed the schema to %q", again)
	}
	if source, ok := schemas.Source("no.schema"); ok || source != nil {
		t.Errorf("%q, %t for a type without a schema", source, ok)
	}
}

func TestLoadSchemasRefuses(t *testing.T) {
	for name, test := range map[string]struct{ source, want string }{
		"what is not JSON":        {`{"type":`, "expected JSON, got a fault at byte 8: unexpected end of JSON input"},
		"a keyword twice":         {`{"type":"object","type":"array"}`, "type: expected one member of that name, got a second one"},
		"a keyword twice, deep":   {`{"properties":{"a":{"type":"object","type":"array"}}}`, "properties.a.type: expected one member of that name, got a second one"},
		"a type that is none":     {`{"properties":{"data":{"type":7}}}`, "properties.data.type: expected what JSON Schema asks with anyOf, got number 7"},
		"a reference to the web":  {`{"$ref":"https://example.com/s.json"}`, "refers to https://example.com/s.json, but a schema may only refer to itself"},
		"a reference to a file":   {`{"$ref":"file:///etc/hostname"}`, "refers to file:///etc/hostname, but a schema may only refer to itself"},
		"a metaschema of the web": {`{"$schema":"https://example.com/meta.json"}`, "refers to https://example.com/meta.json, but a schema may only refer to itself"},
		"a reference to nothing":  {`{"$ref":"#/$defs/none"}`, "#/$defs/none"},
		"more than 1 MiB":         {strings.Repeat(" ", 1<<20) + "{}", "larger than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := event.LoadSchemas(layer(map[string]string{"a.b": test.source}))
			var evidence *event.SchemaError
			if !errors.As(err, &evidence) {
				t.Fatalf("error %v", err)
			}
			if evidence.File != "schemas/a.b.json" {
				t.Errorf("the error names the file %q", evidence.File)
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q, want one line with %q", err, test.want)
			}
		})
	}
}

func TestLoadSchemasReportsALayerThatCannotBeRead(t *testing.T) {
	_, err := event.LoadSchemas(fstest.MapFS{"schemas": &fstest.MapFile{Data: []byte("a file")}})
	var evidence *event.SchemaError
	if !errors.As(err, &evidence) || evidence.File != "schemas" {
		t.Errorf("error %v", err)
	}
}

func TestFieldsListsWhatTheSchemaDocumentsInItsOrder(t *testing.T) {
	const source = `{
		"$defs": {
			"hash": { "type": "string", "format": "evm-tx-hash", "description": "A hash." },
			"a/b": { "type": "boolean" }
		},
		"required": ["data"],
		"properties": {
			"type": { "const": "x" },
			"data": {
				"type": "object",
				"required": ["from"],
				"properties": {
					"to": { "type": "string", "format": "evm-address", "x-next": "certificate.owner" },
					"from": { "type": "string", "format": "evm-address", "x-state": "certificate.owner" },
					"hash": { "$ref": "#/$defs/hash", "description": "Of the transaction." },
					"bool": { "$ref": "#/$defs/a~1b" },
					"links": { "type": "array", "items": { "type": "string", "x-text": "/claim/{voucher.id}" } },
					"metadata": { "type": "object", "properties": { "n": { "type": ["string", "number"] } }, "additionalProperties": true },
					"closed": { "type": "object", "properties": {}, "additionalProperties": false },
					"any": true
				}
			}
		}
	}`
	want := []event.Field{
		{Path: "type", FreeForm: true},
		{Path: "data", JSONType: "object", Required: true},
		{Path: "data.to", JSONType: "string", Format: event.FormatEVMAddress, Next: "certificate.owner"},
		{Path: "data.from", JSONType: "string", Format: event.FormatEVMAddress, State: "certificate.owner", Required: true},
		{Path: "data.hash", JSONType: "string", Format: event.FormatEVMTxHash, Description: "Of the transaction."},
		{Path: "data.bool", JSONType: "boolean"},
		{Path: "data.links", JSONType: "array"},
		{Path: "data.links.#", JSONType: "string", Text: "/claim/{voucher.id}"},
		{Path: "data.metadata", JSONType: "object", FreeForm: true},
		{Path: "data.metadata.n", JSONType: "string|number"},
		{Path: "data.closed", JSONType: "object"},
		{Path: "data.any", FreeForm: true},
	}
	if diff := cmp.Diff(want, load(t, layer(map[string]string{"x": source})).Fields("x")); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestFieldsOfATypeWithoutASchemaAreTheEnvelope(t *testing.T) {
	var paths []string
	for _, field := range load(t).Fields("no.schema") {
		paths = append(paths, field.Path)
	}
	if diff := cmp.Diff([]string{"id", "type", "created", "data"}, paths); diff != "" {
		t.Errorf("paths (-want +got):\n%s", diff)
	}
}

func TestASchemaThatRefersToItselfIsCutOff(t *testing.T) {
	pairs := func(levels int) string {
		var defs []string
		for i := range levels {
			defs = append(defs, fmt.Sprintf(`"%d":{"properties":{"a":{"$ref":"#/$defs/%d"},"b":{"$ref":"#/$defs/%[2]d"}}}`, i, i+1))
		}
		return fmt.Sprintf(`{"$ref":"#/$defs/0","$defs":{%s,"%d":true}}`, strings.Join(defs, ","), levels)
	}
	for name, test := range map[string]struct {
		source string
		most   int
	}{
		"the document in a member":      {`{"properties":{"again":{"$ref":"#"}}}`, 2},
		"a definition in its member":    {`{"$ref":"#/$defs/a","$defs":{"a":{"properties":{"b":{"$ref":"#/$defs/a"}}}}}`, 2},
		"two definitions in each other": {`{"properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}`, 1},
		"twice at each of 30 levels":    {pairs(30), 4200},
	} {
		t.Run(name, func(t *testing.T) {
			fields := load(t, layer(map[string]string{"x": test.source})).Fields("x")
			if len(fields) == 0 || len(fields) > test.most {
				t.Errorf("%d fields, want 1 to %d", len(fields), test.most)
			}
		})
	}
}
