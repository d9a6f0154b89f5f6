package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// setting is one value and where it was written.
type setting struct {
	text string
	name string // the key as written, for headers whose case is kept
	from string // a flag, a variable or file:line
	path string // the file, if it was one
}

type settings map[string]setting

// document is one file, read and checked.
type document struct {
	path     string
	top      settings
	profiles map[string]settings
}

// parse reads a file's bytes. It takes plain scalars and mappings alone: no anchors, aliases, tags or lists, so that
// what stands in the file is what counts.
func parse(path string, content []byte) (document, error) {
	d := document{path: path, top: settings{}, profiles: map[string]settings{}}
	root, err := parseRoot(path, content)
	if err != nil || root == nil {
		return d, err
	}
	for _, entry := range root.Values {
		name, err := d.keyName(entry)
		if err != nil {
			return d, err
		}
		if name != keyProfiles {
			if err := d.read(d.top, entry, name, true); err != nil {
				return d, err
			}
			continue
		}
		if err := d.readProfiles(entry); err != nil {
			return d, err
		}
	}
	return d, nil
}

// parseRoot gives the mapping of the one document in content, or nil if there is nothing but comments.
func parseRoot(path string, content []byte) (*ast.MappingNode, error) {
	file, err := parser.ParseBytes(content, parser.ParseComments)
	if err != nil {
		return nil, syntaxError(path, err)
	}
	if len(file.Docs) > 1 {
		return nil, tokenError(path, file.Docs[1].Start, "want one document, got several")
	}
	if len(file.Docs) == 0 {
		return nil, nil
	}
	return mapping(path, file.Docs[0].Body)
}

func (d document) readProfiles(entry *ast.MappingValueNode) error {
	profiles, err := mapping(d.path, entry.Value)
	if err != nil || profiles == nil {
		return err
	}
	for _, profile := range profiles.Values {
		name, err := d.keyName(profile)
		if err != nil {
			return err
		}
		if err := checkProfileName(name); err != nil {
			return nodeError(d.path, profile.Key, err.Error())
		}
		into := settings{}
		d.profiles[name] = into
		body, err := mapping(d.path, profile.Value)
		if err != nil {
			return err
		}
		if body == nil {
			continue
		}
		for _, inner := range body.Values {
			key, err := d.keyName(inner)
			if err != nil {
				return err
			}
			if err := d.read(into, inner, key, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// read takes one key and its value into a level of the file.
func (d document) read(into settings, entry *ast.MappingValueNode, name string, top bool) error {
	if keys := knownKeys(top); !slices.Contains(keys, name) {
		position := entry.Key.GetToken().Position
		return &KeyError{Path: d.path, Line: position.Line, Column: position.Column, Key: name, Known: keys}
	}
	if name != keyHeaders {
		return d.readScalar(into, name, name, entry.Value)
	}
	headers, err := mapping(d.path, entry.Value)
	if err != nil || headers == nil {
		return err
	}
	for _, header := range headers.Values {
		name, err := d.keyName(header)
		if err != nil {
			return err
		}
		if _, twice := into[headerKey(name)]; twice {
			return nodeError(d.path, header.Key, fmt.Sprintf("header %s is set twice", name))
		}
		if err := d.readScalar(into, headerKey(name), headerPrefix+name, header.Value); err != nil {
			return err
		}
	}
	return nil
}

func (d document) readScalar(into settings, key, name string, node ast.Node) error {
	text, ok := scalar(node)
	if !ok {
		return nodeError(d.path, node, name+" wants one plain value")
	}
	position := node.GetToken().Position
	from := fmt.Sprintf("%s:%d", d.path, position.Line)
	if err := check(key, text); err != nil {
		return &ValueError{Key: name, From: at(d.path, position.Line, position.Column), Err: err}
	}
	into[key] = setting{text: text, name: name, from: from, path: d.path}
	return nil
}

func (d document) keyName(entry *ast.MappingValueNode) (string, error) {
	if name, ok := scalar(entry.Key); ok {
		return name, nil
	}
	return "", nodeError(d.path, entry.Key, "want a plain key")
}

// scalar gives the text of a plain value as it is written, so that a secret of digits stays those digits.
func scalar(node ast.Node) (string, bool) {
	switch value := node.(type) {
	case *ast.StringNode:
		return value.Value, true
	case *ast.LiteralNode:
		return value.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value, true
	default:
		return "", false
	}
}

// mapping gives node as a mapping; nil if it is empty.
func mapping(path string, node ast.Node) (*ast.MappingNode, error) {
	switch value := node.(type) {
	case *ast.MappingNode:
		return value, nil
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil, nil
	default:
		return nil, nodeError(path, node, "want keys and values")
	}
}

func nodeError(path string, node ast.Node, problem string) error {
	return tokenError(path, node.GetToken(), problem)
}

func tokenError(path string, at *token.Token, problem string) error {
	err := &SyntaxError{Path: path, Problem: problem}
	if at != nil && at.Position != nil {
		err.Line, err.Column = at.Position.Line, at.Position.Column
	}
	return err
}

// syntaxError leaves out the lines that the parser would show, for one of them may hold the secret.
func syntaxError(path string, err error) error {
	var located yaml.Error
	if !errors.As(err, &located) {
		return &SyntaxError{Path: path, Problem: "is not YAML"}
	}
	return tokenError(path, located.GetToken(), strings.TrimSuffix(located.GetMessage(), "."))
}

func knownKeys(top bool) []string {
	var names []string
	for _, key := range Keys() {
		names = append(names, key.Name)
	}
	if top {
		names = append(names, keyProfile, keyProfiles)
	}
	return names
}
