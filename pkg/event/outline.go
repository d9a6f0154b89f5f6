package event

import (
	"slices"
	"strings"
)

const (
	maxOutline = 4096 // values of one outline; references could multiply them without end
	maxRefs    = 32   // references that lead to references
)

// node is one value that a schema documents, its members in the schema's order.
type node struct {
	kind        string // JSON types joined by "|", empty where the schema takes any
	format      string
	description string
	starts      string
	state       string
	next        string
	text        string
	required    bool
	free        bool // an object in which members of any name are at home
	names       []string
	members     map[string]*node
	items       *node
}

// at returns what the schema documents at a location of a body; a node without a word where it documents nothing.
func (n *node) at(location []string) *node {
	for _, name := range location {
		child := n.members[name]
		if child == nil {
			child = n.items
		}
		if child == nil {
			return &node{}
		}
		n = child
	}
	return n
}

// outliner reads the outline of one schema document.
type outliner struct {
	document *value
	left     int
}

func newOutline(document *value) *node {
	o := outliner{document: document, left: maxOutline}
	return o.node(document, nil)
}

// node outlines a schema; above are those that led to it.
func (o *outliner) node(schema *value, above []*value) *node {
	if o.left--; o.left < 0 || slices.Contains(above, schema) {
		return &node{free: true}
	}
	above = append(above, schema)
	n := &node{
		kind:        strings.Join(o.texts(schema, "type"), "|"),
		format:      o.text(schema, "format"),
		description: o.text(schema, "description"),
		starts:      o.text(schema, "x-starts"),
		state:       o.text(schema, "x-state"),
		next:        o.text(schema, "x-next"),
		text:        o.text(schema, "x-text"),
		free:        o.free(schema),
		members:     map[string]*node{},
	}
	if items := o.keyword(schema, "items"); items != nil {
		n.items = o.node(items, above)
	}
	if properties := o.keyword(schema, "properties"); properties != nil {
		required := o.texts(schema, "required")
		for i := range properties.members {
			property := &properties.members[i]
			child := o.node(&property.value, above)
			child.required = slices.Contains(required, property.name)
			n.names = append(n.names, property.name)
			n.members[property.name] = child
		}
	}
	return n
}

// keyword finds a keyword in a schema, or else in what its $ref points at.
func (o *outliner) keyword(schema *value, name string) *value {
	for range maxRefs {
		if found := schema.get(name); found != nil {
			return found
		}
		ref := schema.get("$ref")
		if ref == nil {
			return nil
		}
		if schema = o.resolve(ref); schema == nil {
			return nil
		}
	}
	return nil
}

// resolve follows a JSON pointer within the document (RFC 6901); nil for any other reference.
func (o *outliner) resolve(ref *value) *value {
	text, _ := ref.string()
	if text == "#" {
		return o.document
	}
	pointer, inside := strings.CutPrefix(text, "#/")
	if !inside {
		return nil
	}
	target := o.document
	for token := range strings.SplitSeq(pointer, "/") {
		if target = target.get(strings.NewReplacer("~1", "/", "~0", "~").Replace(token)); target == nil {
			return nil
		}
	}
	return target
}

func (o *outliner) text(schema *value, name string) string {
	return strings.Join(o.texts(schema, name), "")
}

// texts reads a keyword that is a string or an array of them.
func (o *outliner) texts(schema *value, name string) []string {
	found := o.keyword(schema, name)
	if found == nil {
		return nil
	}
	if text, ok := found.string(); ok {
		return []string{text}
	}
	if found.shape() != '[' {
		return nil
	}
	var texts []string
	for i := range found.members {
		if text, ok := found.members[i].string(); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// free holds where the schema allows more members in so many words, and where it does not tell which there are.
func (o *outliner) free(schema *value) bool {
	if kinds := o.texts(schema, "type"); kinds != nil && !slices.Contains(kinds, "object") {
		return false
	}
	for _, name := range []string{"allOf", "anyOf", "oneOf", "if", "patternProperties", "dependentSchemas", "$dynamicRef"} {
		if o.keyword(schema, name) != nil {
			return true
		}
	}
	additional := o.keyword(schema, "additionalProperties")
	return o.keyword(schema, "properties") == nil || additional != nil && additional.shape() != 'f'
}
