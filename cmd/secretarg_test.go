package cmd

import (
	"strings"
	"testing"
)

func TestSecretStandsWithAndWithoutAValueInAnyPosition(t *testing.T) {
	for name, test := range map[string]struct{ args, want string }{
		"value after the flag":            {"verify --secret whsec_a", "verify --secret=whsec_a"},
		"value joined by equals":          {"verify --secret=whsec_a f", "verify --secret=whsec_a f"},
		"last of all, no value":           {"verify f --secret", "verify f --secret"},
		"before another flag, no value":   {"verify --secret -o json", "verify --secret -o json"},
		"before a file, it takes it":      {"verify --secret whsec_a f", "verify --secret=whsec_a f"},
		"before the verb":                 {"--secret whsec_a verify f", "--secret=whsec_a verify f"},
		"given twice":                     {"verify --secret a --secret b", "verify --secret=a --secret=b"},
		"value-less first, then a value":  {"verify --secret --secret b", "verify --secret --secret=b"},
		"after two dashes it is a file":   {"verify -- --secret x", "verify -- --secret x"},
		"a dash is stdin, not a secret":   {"verify --secret -", "verify --secret -"},
		"other flags that begin the same": {"verify --secret-file x", "verify --secret-file x"},
		"an empty value stays empty":      {"verify --secret= x", "verify --secret= x"},
		"no arguments at all":             {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(joinSecret(strings.Fields(test.args)), " "); got != test.want {
				t.Errorf("joinSecret(%q) = %q, want %q", test.args, got, test.want)
			}
		})
	}
}
