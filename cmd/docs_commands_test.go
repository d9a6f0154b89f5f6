package cmd_test

import (
	"fmt"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// docCommand is a command of a page, with what the page shows below it.
type docCommand struct {
	source string
	file   *syntax.File
	shown  []string
	line   int // of the command, from 1
	after  int // of the first line below the command
	script bool
}

// commands are those of a console block, or the whole of a sh block.
func (b docBlock) commands() ([]docCommand, error) {
	lines := strings.Split(strings.TrimSuffix(b.text, "\n"), "\n")
	if b.language == "sh" {
		file, err := parseShell(b.text)
		return []docCommand{{source: b.text, file: file, line: b.line, after: b.line + len(lines), script: true}}, err
	}
	var commands []docCommand
	for i := 0; i < len(lines); {
		source, ok := strings.CutPrefix(lines[i], "$ ")
		if !ok {
			if len(commands) == 0 {
				return nil, fmt.Errorf("line %d: a console block begins with `$ `", b.line+i)
			}
			last := &commands[len(commands)-1]
			last.shown = append(last.shown, lines[i])
			i++
			continue
		}
		line := b.line + i
		file, err := parseShell(source)
		for i++; i < len(lines) && (syntax.IsIncomplete(err) || strings.HasSuffix(source, `\`)); i++ {
			source += "\n" + strings.TrimPrefix(lines[i], "> ")
			file, err = parseShell(source)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		commands = append(commands, docCommand{source: source, file: file, line: line, after: b.line + i})
	}
	return commands, nil
}

func parseShell(source string) (*syntax.File, error) {
	return syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(source), "")
}

// calls are the words of each program that a script calls, those of the lines that --start gives to a shell among them.
func calls(node syntax.Node) [][]string {
	var found [][]string
	syntax.Walk(node, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		words := make([]string, len(call.Args))
		for i, word := range call.Args {
			words[i] = plainWord(word)
		}
		found = append(found, words)
		if at := slices.Index(words, "--start"); at >= 0 && at+1 < len(words) {
			if line, err := parseShell(words[at+1]); err == nil {
				found = append(found, calls(line)...)
			}
		}
		return true
	})
	return found
}

// plainWord is a word as far as it can be told without running anything.
func plainWord(word *syntax.Word) string {
	var plain strings.Builder
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			plain.WriteString(part.Value)
		case *syntax.SglQuoted:
			plain.WriteString(part.Value)
		case *syntax.DblQuoted:
			for _, inner := range part.Parts {
				if literal, ok := inner.(*syntax.Lit); ok {
					plain.WriteString(literal.Value)
				}
			}
		}
	}
	return plain.String()
}

// isForeign tells whether a command needs a program that a machine with Go may not have.
func isForeign(called [][]string) bool {
	tools := strings.Fields("pbhook go git api receiver cat chmod cp env grep head ls mkdir mv rm sed sh sort tail tee touch tr wc")
	return slices.ContainsFunc(called, func(words []string) bool {
		return !slices.Contains(tools, words[0]) && !interp.IsBuiltin(words[0])
	})
}

// serves tells whether a command goes on until it is ended.
func serves(called [][]string) bool {
	if slices.ContainsFunc(called, func(words []string) bool { return words[0] == "wait" }) {
		return false // a script that waits for its listener ends with it
	}
	return slices.ContainsFunc(called, func(words []string) bool {
		return len(words) > 1 && words[0] == "pbhook" && (words[1] == "listen" || words[1] == "tunnel")
	})
}

// taken are the ports that a command listens at, by itself or by the app that it starts.
func taken(called [][]string) []string {
	var ports []string
	for _, words := range called {
		for i, word := range words {
			before := words[max(i-1, 0)]
			if at := strings.LastIndexByte(word, ':'); at >= 0 && (before == "listen" || before == "api" || before == "receiver" || before == "--wait-for") {
				port, _, _ := strings.Cut(word[at+1:], "/")
				ports = append(ports, port)
			}
		}
	}
	return ports
}
