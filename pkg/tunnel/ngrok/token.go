package ngrok

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"unicode"
)

// ErrNoToken says that there is no authtoken, or one that cannot be one.
var ErrNoToken = errors.New("ngrok needs an authtoken")

// Token is an authtoken of ngrok. It prints as its last four characters, in every format. [Token.Reveal] is the only way out.
type Token struct{ value string }

// NewToken takes a token as it was given, without space around it. It returns an error that wraps [ErrNoToken] when nothing is
// left, or there is space within.
func NewToken(value string) (Token, error) {
	value = strings.TrimSpace(value)
	if value == "" {
		return Token{}, ErrNoToken
	}
	if strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return Token{}, fmt.Errorf("%w: the one given has space or control characters in it", ErrNoToken)
	}
	return Token{value}, nil
}

// Reveal returns the token as ngrok gave it; empty for the zero Token.
func (t Token) Reveal() string { return t.value }

// String shows at most the last four characters.
func (t Token) String() string {
	if len(t.value) < 16 {
		return "…"
	}
	return "…" + t.value[len(t.value)-4:]
}

// Format keeps the token out of every verb, %#v and %x included.
func (t Token) Format(state fmt.State, _ rune) { fmt.Fprint(state, t.String()) }

// MarshalText keeps the token out of JSON and the like.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// LogValue keeps the token out of logs.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// hide takes the token out of a text: ngrok quotes it in some refusals.
func (t Token) hide(text string) string {
	if t.value == "" {
		return text
	}
	return strings.ReplaceAll(text, t.value, t.String())
}
