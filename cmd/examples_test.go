package cmd_test

import (
	"bytes"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// Every line of every example is a shell's, and each pbhook in it is a command that there is, with flags that it takes.
func TestExamplesAreCommandLines(t *testing.T) {
	pages := map[string]cmd.Page{}
	for _, page := range cmd.NewManual().Pages {
		pages[page.Command] = page
	}
	for _, page := range pages {
		t.Run(page.Command, func(t *testing.T) {
			shows := false
			for _, words := range pbhooksIn(t, page.Example) {
				called := calledPage(pages, words)
				shows = shows || strings.HasPrefix(called.Command+" ", page.Command+" ")
				checkCommandLine(t, called, words)
			}
			if !shows {
				t.Errorf("no example runs %s", page.Command)
			}
		})
	}
}

// pbhooksIn gives the words of each call of pbhook in a script, after the name.
func pbhooksIn(t *testing.T, script string) [][]string {
	t.Helper()
	parsed, err := syntax.NewParser().Parse(strings.NewReader(script), "example")
	if err != nil {
		t.Fatal(err)
	}
	var calls [][]string
	syntax.Walk(parsed, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 || call.Args[0].Lit() != "pbhook" {
			return true
		}
		words := []string{}
		for _, arg := range call.Args[1:] {
			word, err := expand.Literal(nil, arg)
			if err != nil {
				t.Fatal(err)
			}
			words = append(words, word)
		}
		calls = append(calls, words)
		return true
	})
	return calls
}

func calledPage(pages map[string]cmd.Page, words []string) cmd.Page {
	called := pages["pbhook"]
	for _, word := range words {
		below, ok := pages[called.Command+" "+word]
		if !ok {
			break
		}
		called = below
	}
	return called
}

// checkCommandLine lets pbhook read all flags and then show the page of the command, in place of running it.
func checkCommandLine(t *testing.T, called cmd.Page, words []string) {
	t.Helper()
	line := strings.Join(words, " ")
	var out, said bytes.Buffer
	env := cmd.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said,
		LookupEnv: func(string) (string, bool) { return "", false },
	}
	if code := cmd.Main(t.Context(), env, cmd.Version{}, append(words, "--help")); code != 0 {
		t.Errorf("pbhook %s ends with %d: %s", line, code, &said)
	}
	if !strings.Contains(out.String(), "\n  "+called.Usage[0]+"\n") {
		t.Errorf("pbhook %s is no call of %s", line, called.Command)
	}
	takes := strings.NewReplacer("[flags]", "", "COMMAND", "").Replace(strings.TrimPrefix(called.Usage[0], called.Command))
	given := strings.TrimPrefix(strings.TrimPrefix("pbhook "+line, called.Command), " ")
	if strings.TrimSpace(takes) == "" && given != "" && !strings.HasPrefix(given, "-") {
		t.Errorf("pbhook %s: %s takes no argument, and has no such command", line, called.Command)
	}
}
