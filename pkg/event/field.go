package event

// A Field is one value that the schema of an event type documents.
type Field struct {
	Path        string // dotted from the envelope, array items as "#": "data.voucherLinks.voucher_all.#"
	JSONType    string // "string", "integer" and so on; several are joined by "|"; empty for any
	Format      string // of JSON Schema or one of the Format constants; may be empty
	Description string
	State       string // x-state: the value is that of the run's state, such as "certificate.owner"
	Next        string // x-next: the value is new and becomes that state after this event
	Text        string // x-text: the value is this text, with state names in braces
	Required    bool   // its object must have it
	FreeForm    bool   // an object whose members may have any name
}

// Fields lists the values that events of type t have, objects and arrays before what they hold, in the schema's order.
// For a type without a schema these are the members of the envelope. The slice is the caller's own.
func (s *Schemas) Fields(t Type) []Field { return s.of(t).outline.fields(nil, "") }

func (n *node) fields(list []Field, path string) []Field {
	if n.items != nil {
		list = n.items.field(list, join(path, "#"))
	}
	for _, name := range n.names {
		list = n.members[name].field(list, join(path, name))
	}
	return list
}

func (n *node) field(list []Field, path string) []Field {
	list = append(list, Field{
		Path: path, JSONType: n.kind, Format: n.format, Description: n.description,
		State: n.state, Next: n.next, Text: n.text, Required: n.required, FreeForm: n.free,
	})
	return n.fields(list, path)
}

func join(path, name string) string {
	if path == "" || name == "" {
		return path + name
	}
	return path + "." + name
}
