package cmd_test

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// docPage is one page, read.
type docPage struct {
	path    string // from the root of the repository, with slashes
	source  []byte
	anchors map[string]bool
	links   []docText // targets of links and images, as written
	spans   []docText // code in the text
	blocks  []docBlock
}

type docText struct {
	text string
	line int // from 1
}

// docBlock is a fenced block.
type docBlock struct {
	language string
	text     string
	line     int // of the first line of text, from 1
}

func parseDocPage(path string, source []byte) *docPage {
	page := &docPage{path: path, source: source, anchors: map[string]bool{}}
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	line := 1
	_ = ast.Walk(tree, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if node.Type() == ast.TypeBlock && node.Lines().Len() > 0 {
			line = lineAt(source, node.Lines().At(0).Start)
		}
		switch node := node.(type) {
		case *ast.Heading:
			page.addAnchor(plainText(node, source))
		case *ast.Link:
			page.links = append(page.links, docText{string(node.Destination), line})
		case *ast.Image:
			page.links = append(page.links, docText{string(node.Destination), line})
		case *ast.HTMLBlock:
			page.addHTML(string(node.Lines().Value(source)), line)
		case *ast.RawHTML:
			page.addHTML(string(node.Segments.Value(source)), line)
		case *ast.CodeSpan:
			page.spans = append(page.spans, docText{plainText(node, source), line})
		case *ast.FencedCodeBlock:
			page.blocks = append(page.blocks, docBlock{
				language: string(node.Language(source)),
				text:     string(node.Lines().Value(source)),
				line:     line,
			})
		}
		return ast.WalkContinue, nil
	})
	return page
}

// addHTML adds what the attributes of HTML lead to.
func (p *docPage) addHTML(html string, line int) {
	for _, found := range regexp.MustCompile(`(?:href|src|srcset)="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		p.links = append(p.links, docText{found[1], line})
	}
}

// addAnchor adds the anchor that GitHub gives to a heading: of several alike, the later ones are numbered.
func (p *docPage) addAnchor(heading string) {
	anchor := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, heading)
	numbered := anchor
	for n := 1; p.anchors[numbered]; n++ {
		numbered = anchor + "-" + strconv.Itoa(n)
	}
	p.anchors[numbered] = true
}

func plainText(node ast.Node, source []byte) string {
	var plain strings.Builder
	_ = ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if text, ok := node.(*ast.Text); ok && entering {
			plain.Write(text.Value(source))
			if text.SoftLineBreak() {
				plain.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return plain.String()
}

func lineAt(source []byte, offset int) int { return 1 + bytes.Count(source[:offset], []byte("\n")) }
