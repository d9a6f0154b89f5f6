package tunnel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

func TestATranscriptHoldsNothingForTerminals(t *testing.T) {
	for line, want := range map[string]string{
		"\x1b[1;31mHTTPS\x1b[0m: https://a.example\r\n":      "HTTPS: https://a.example",
		"\x1b]8;;https://evil.example\x07link\x1b]8;;\x1b\\": "link",
		"\x1b]0;title\x1b\\text\x1bM":                        "text",
		"a\x00b\u009bc\x7f":                                  "abc",
		"  \x1b[2J  ":                                        "",
	} {
		transcript := tunnel.NewTranscript()
		if got := transcript.Hear(line); got != want {
			t.Errorf("Hear(%q) = %q, want %q", line, got, want)
		}
		if kept := transcript.Last(); want != "" && !slices.Equal(kept, []string{want}) || want == "" && kept != nil {
			t.Errorf("after %q, Last() = %q", line, kept)
		}
	}
}

func TestATranscriptIsBounded(t *testing.T) {
	transcript := tunnel.NewTranscript()
	for i := range 1000 {
		transcript.Hear(fmt.Sprintf("%d %s", i, strings.Repeat("ä", 1000)))
	}
	lines := transcript.Last()
	if len(lines) != 8 || !strings.HasPrefix(lines[7], "999 ") {
		t.Fatalf("kept %d lines, the last of which is %.10q, want 8 up to 999", len(lines), lines[len(lines)-1])
	}
	for _, line := range lines {
		if len(line) > 200 || strings.Contains(line, "\uFFFD") || strings.ToValidUTF8(line, "?") != line {
			t.Errorf("kept %d bytes that end in %q", len(line), line[len(line)-4:])
		}
	}
}
