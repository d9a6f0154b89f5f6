package tunnel_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// What a far end says may be shown: in no text is anything left that a terminal obeys.
func FuzzTranscript(f *testing.F) {
	for _, seed := range []string{"HTTPS: https://a.example", "\x1b[31mred\x1b[0m", "\x1b]8;;x\x07y", "\x1b\x1b[[2JJ", "\xff\x9b2J", "\u009b2J"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		transcript := tunnel.NewTranscript()
		heard := transcript.Hear(line)
		for _, text := range append(transcript.Last(), heard) {
			if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }); i >= 0 {
				t.Errorf("Hear(%q) leaves %q", line, text[i])
			}
		}
		for _, kept := range transcript.Last() {
			if len(kept) > 200 || !utf8.ValidString(kept) {
				t.Errorf("Hear(%q) keeps %q", line, kept)
			}
		}
	})
}
