package config_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

func TestADotenvThatIsNoneTellsItsLine(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		line    int
		problem string
	}{
		"a line without a name":   {"# classified\nA=1\n\nclassified secret\nB=2\n", 4, "is no NAME=VALUE"},
		"a name with a dash":      {"export A=classified\nB-C=classified\n", 2, "is no NAME=VALUE"},
		"words behind a value":    {"A='1'\nB=\"classified\" classified\n", 2, "is no NAME=VALUE"},
		"a quote that stays open": {"A=1\nB=\"classified\nC=2\nD=3\n", 2, "opens a quote that is never closed"},
		"after a value of lines":  {"A=\"one\ntwo\nthree\"\r\nB='classified'\r\nclassified\r\n", 5, "is no NAME=VALUE"},
		"after many lines":        {strings.Repeat("A=1\n", 9_000) + "classified\n", 9_001, "is no NAME=VALUE"},
		"before many lines":       {"A='classified\n" + strings.Repeat("B=1\n", 9_000), 1, "opens a quote that is never closed"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write(filepath.Join(d.work, ".env"), test.content)
			_, err := d.resolve(config.SecretRequest{})
			var found *config.DotenvError
			if !errors.As(err, &found) || !errors.Is(err, config.ErrDotenv) {
				t.Fatalf("got %v, want a *DotenvError", err)
			}
			if found.Line != test.line || found.Problem != test.problem {
				t.Errorf("got line %d %s, want line %d %s", found.Line, found.Problem, test.line, test.problem)
			}
			if strings.Contains(err.Error(), "classified") {
				t.Errorf("the error quotes the file: %v", err)
			}
		})
	}
}
