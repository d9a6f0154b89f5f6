package event

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

const maxOutline = 32 // levels; a schema that refers to itself is cut off here

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

// keywords are those of a schema that describe a value.
type keywords struct {
	Ref         string          `json:"$ref"`
	Type        json.RawMessage `json:"type"`
	Format      string          `json:"format"`
	Description string          `json:"description"`
	Starts      string          `json:"x-starts"`
	State       string          `json:"x-state"`
	Next        string          `json:"x-next"`
	Text        string          `json:"x-text"`
	Required    []string        `json:"required"`
	Properties  json.RawMessage `json:"properties"`
	Items       json.RawMessage `json:"items"`
	Additional  json.RawMessage `json:"additionalProperties"`

	composed bool // other schemas have a say in which members there are
}

// outliner reads the outline of one schema document.
type outliner struct{ document json.RawMessage }

func newOutline(document []byte) (*node, error) {
	return outliner{document}.node(document, 0)
}

func (o outliner) node(raw json.RawMessage, depth int) (*node, error) {
	k, err := o.keywords(raw, depth)
	if err != nil {
		return nil, err
	}
	n := &node{
		kind: k.kind(), format: k.Format, description: k.Description,
		starts: k.Starts, state: k.State, next: k.Next, text: k.Text,
		free: k.free() || depth >= maxOutline,
	}
	if depth >= maxOutline {
		return n, nil
	}
	if k.Items != nil {
		if n.items, err = o.node(k.Items, depth+1); err != nil {
			return nil, err
		}
	}
	return n, o.properties(n, k, depth)
}

func (o outliner) properties(n *node, k keywords, depth int) error {
	properties, err := members(k.Properties)
	if err != nil {
		return err
	}
	n.members = make(map[string]*node, len(properties))
	for _, property := range properties {
		child, err := o.node(property.value, depth+1)
		if err != nil {
			return err
		}
		child.required = slices.Contains(k.Required, property.name)
		n.names = append(n.names, property.name)
		n.members[property.name] = child
	}
	return nil
}

// keywords reads a schema with what its $ref says beneath what it says itself.
func (o outliner) keywords(raw json.RawMessage, depth int) (keywords, error) {
	var own, k keywords
	if raw[0] != '{' { // true and false are schemas too
		return own, nil
	}
	if err := fill(reflect.ValueOf(&own).Elem(), raw, ""); err != nil {
		return own, err
	}
	if target := o.resolve(own.Ref); target != nil && depth < maxOutline {
		var err error
		if k, err = o.keywords(target, depth+1); err != nil {
			return k, err
		}
	}
	if err := fill(reflect.ValueOf(&k).Elem(), raw, ""); err != nil {
		return k, err
	}
	list, err := members(raw)
	for _, m := range list {
		switch m.name {
		case "allOf", "anyOf", "oneOf", "if", "patternProperties", "dependentSchemas", "$dynamicRef":
			k.composed = true
		}
	}
	return k, err
}

// resolve finds what a reference within the document points at (RFC 6901); nil if it is another kind of reference.
func (o outliner) resolve(ref string) json.RawMessage {
	pointer, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil
	}
	raw := o.document
	for token := range strings.SplitSeq(pointer, "/") {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		list, err := members(raw)
		i := slices.IndexFunc(list, func(m member) bool { return m.name == token })
		if err != nil || i < 0 {
			return nil
		}
		raw = list[i].value
	}
	return raw
}

// kind joins the JSON types that the schema takes.
func (k keywords) kind() string {
	var one string
	if json.Unmarshal(k.Type, &one) == nil {
		return one
	}
	var several []string
	if json.Unmarshal(k.Type, &several) == nil {
		return strings.Join(several, "|")
	}
	return ""
}

// free holds where the schema says so with additionalProperties, and where it does not tell which members there are.
func (k keywords) free() bool {
	if kind := k.kind(); kind != "" && !slices.Contains(strings.Split(kind, "|"), "object") {
		return false
	}
	return k.Properties == nil || k.composed || k.Additional != nil && string(k.Additional) != "false"
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
