package signature

import (
	"fmt"
	"log/slog"
	"strings"
)

const noSecret = "(no secret)"

// String returns the secret with all but its end hidden: "whsec_…" and the last four characters. It shows fewer of a
// short secret, so that never more than a third of what follows the prefix is seen.
func (s Secret) String() string {
	if s.key == nil {
		return noSecret
	}
	rest, prefixed := strings.CutPrefix(s.key.value(), SecretPrefix)
	shown := "…" + tail(rest)
	if prefixed {
		return SecretPrefix + shown
	}
	return shown
}

func tail(rest string) string {
	end := []byte(rest[len(rest)-min(4, len(rest)/3):])
	for i, c := range end {
		if c <= ' ' || c > '~' {
			end[i] = '?' // a line break in a secret must not break the line it is printed on
		}
	}
	return string(end)
}

// GoString returns what [Secret.String] does.
func (s Secret) GoString() string { return s.String() }

// Format writes what [Secret.String] returns under every verb; width and %q are honoured.
func (s Secret) Format(f fmt.State, verb rune) {
	if verb != 'q' {
		verb = 's'
	}
	fmt.Fprintf(f, fmt.FormatString(f, verb), s.String())
}

// LogValue returns what [Secret.String] does, as a string for log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns what [Secret.String] does, for JSON, YAML and other text encodings. There is no way back: files
// that keep a secret write [Secret.Reveal].
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
