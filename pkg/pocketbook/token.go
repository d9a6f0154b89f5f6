package pocketbook

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// longestToken is in bytes; more than that no server takes in one line of a header.
const longestToken = 8 << 10

// What can be wrong with a token before anybody is asked.
var (
	ErrEmptyToken   = errors.New("the API token is empty")
	ErrTokenTooLong = errors.New("the API token is longer than 8 KiB")
	ErrTokenScheme  = errors.New(`the API token has "Bearer" in front; the token alone is wanted`)
	ErrTokenForm    = errors.New("the API token has characters that no token has, such as white space or quotes")
)

// Token is what lets its holder act for an enterprise account: the JWT of the webhook guide, section "Register Your
// Webhook". It is cheap to copy and safe for concurrent use.
//
// A Token prints as "…" under every verb of fmt, in JSON, in text encodings and in log/slog. [Token.Reveal] is the only
// way out. The zero Token is none, and [Client.Register] refuses it.
type Token struct {
	value func() string // behind a function, because fmt looks into unexported fields but calls nothing there
}

// NewToken takes a token in the syntax of RFC 6750, section 2.1, without the word Bearer. It returns [ErrEmptyToken],
// [ErrTokenTooLong], [ErrTokenScheme] or [ErrTokenForm], none of which holds the token. Whether it is a JWT does not matter.
func NewToken(value string) (Token, error) {
	switch {
	case value == "":
		return Token{}, ErrEmptyToken
	case len(value) > longestToken:
		return Token{}, ErrTokenTooLong
	case len(value) >= len(scheme) && strings.EqualFold(value[:len(scheme)], scheme):
		return Token{}, ErrTokenScheme
	case strings.ContainsFunc(strings.TrimRight(value, "="), isNoTokenChar):
		return Token{}, ErrTokenForm
	}
	return Token{value: func() string { return value }}, nil
}

const scheme = "Bearer "

func isNoTokenChar(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("-._~+/", r)
}

// Reveal returns the token as it was given to [NewToken], and the empty string for the zero Token.
func (t Token) Reveal() string {
	if t.value == nil {
		return ""
	}
	return t.value()
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.value == nil }

// Expires gives the time after which a JWT is no longer taken (RFC 7519, section 4.1.4). A token that is no JWT, or says
// nothing of it, has none. The signature is not looked at: only the API can tell whether a token is good.
func (t Token) Expires() (at time.Time, ok bool) {
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(t.Reveal(), &claims); err != nil || claims.ExpiresAt == nil {
		return time.Time{}, false
	}
	return claims.ExpiresAt.Time, true
}

// hide takes the token out of what somebody else wrote.
func (t Token) hide(text string) string { return strings.ReplaceAll(text, t.Reveal(), hidden) }

const hidden = "…"

// String returns "…", or "(no token)" for the zero Token.
func (t Token) String() string {
	if t.IsZero() {
		return "(no token)"
	}
	return hidden
}

// GoString returns what [Token.String] does.
func (t Token) GoString() string { return t.String() }

// Format writes what [Token.String] returns under every verb.
func (t Token) Format(f fmt.State, _ rune) { fmt.Fprint(f, t.String()) }

// LogValue returns what [Token.String] does, for log/slog.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText returns what [Token.String] does, for JSON, YAML and other text encodings.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
