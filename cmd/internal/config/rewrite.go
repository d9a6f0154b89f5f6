package config

import (
	"bytes"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// rewrite gives the file with one value set and everything else, comments too, as it was.
func rewrite(content []byte, e Edit) ([]byte, error) {
	file, err := parser.ParseBytes(content, parser.ParseComments)
	if err != nil {
		return nil, syntaxError(e.Path, err)
	}
	path := e.path()
	root := rootMapping(file)
	if root == nil {
		added, err := nested(path, e.Value)
		return append(bytes.TrimLeft(withNewline(content), "\n"), added...), err
	}
	depth, entry := deepest(root, path)
	if depth == len(path) {
		return replaced(file, entry, e.Value)
	}
	added, err := nested(path[depth:], e.Value)
	if err != nil {
		return nil, err
	}
	if entry != nil && isEmpty(entry.Value) {
		err = fillIn(entry, added)
	} else {
		err = yamlPath(path[:depth]).MergeFromReader(file, bytes.NewReader(added))
	}
	return withNewline([]byte(file.String())), err
}

func yamlPath(names []string) *yaml.Path {
	path := new(yaml.PathBuilder).Root()
	for _, name := range names {
		path = path.Child(name)
	}
	return path.Build()
}

// fillIn puts a mapping under a key that has no value; the library would indent it by where the value might have begun.
func fillIn(entry *ast.MappingValueNode, added []byte) error {
	file, err := parser.ParseBytes(added, 0)
	if err != nil {
		return err
	}
	node := rootMapping(file)
	node.AddColumn(entry.Key.GetToken().Position.Column + 1)
	entry.Value = node
	return nil
}

// replaced sets the value of an entry that is there, and keeps the comment behind it.
func replaced(file *ast.File, entry *ast.MappingValueNode, text string) ([]byte, error) {
	node, err := yaml.ValueToNode(text)
	if err != nil {
		return nil, err
	}
	if comment := entry.Value.GetComment(); comment != nil {
		if err := node.SetComment(comment); err != nil {
			return nil, err
		}
	}
	if err := entry.Replace(node); err != nil {
		return nil, err
	}
	return withNewline([]byte(file.String())), nil
}

func rootMapping(file *ast.File) *ast.MappingNode {
	if len(file.Docs) == 0 {
		return nil
	}
	root, _ := file.Docs[0].Body.(*ast.MappingNode)
	return root
}

// deepest follows path as far as it exists; it gives how many names that are, and the last entry.
func deepest(level *ast.MappingNode, path []string) (depth int, last *ast.MappingValueNode) {
	for level != nil && depth < len(path) {
		index := slices.IndexFunc(level.Values, func(entry *ast.MappingValueNode) bool {
			name, _ := scalar(entry.Key)
			return name == path[depth] || depth > 0 && path[depth-1] == keyHeaders && strings.EqualFold(name, path[depth])
		})
		if index < 0 {
			break
		}
		last = level.Values[index]
		level, _ = last.Value.(*ast.MappingNode)
		depth++
	}
	return depth, last
}

func isEmpty(node ast.Node) bool {
	_, null := node.(*ast.NullNode)
	return null
}

// nested writes text as YAML under the names of path.
func nested(path []string, text string) ([]byte, error) {
	var value any = text
	for _, name := range slices.Backward(path) {
		value = map[string]any{name: value}
	}
	return yaml.Marshal(value)
}

func withNewline(content []byte) []byte {
	if len(content) == 0 || content[len(content)-1] == '\n' {
		return content
	}
	return append(content, '\n')
}
