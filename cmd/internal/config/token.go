package config

import (
	"context"

	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

const (
	envToken       = "POCKETBOOK_API_TOKEN"
	largestTokenIn = 16 << 10 // bytes that are read of a file; how long a token may be is the package's affair
)

// TokenRequest is what the command line says about the token of Pocketbook's API.
type TokenRequest struct {
	Flag *string // --api-token: nil if not given
	File string  // --api-token-file: a path, or - for standard input
}

// ResolveToken takes the API token from the first that has one, in the order of [ResolveSecret]: the flag, the file or
// standard input, POCKETBOOK_API_TOKEN, .env, the profile or the keyring, a hidden prompt. It tells which it was.
//
// A token that cannot be used stops the search with a [*TokenError], [*FileError] or [*KeyringError]. Without one it is a
// [*NoTokenError].
func ResolveToken(ctx context.Context, host Host, cfg Config, r TokenRequest) (token pocketbook.Token, from string, err error) {
	s := search{host: host, cfg: cfg, kind: tokenKind(), file: r.File}
	if r.Flag != nil && *r.Flag == "" {
		return pocketbook.Token{}, "", s.kind.fail(s.kind.flag, s.kind.empty)
	}
	text, from, err := s.first(ctx, s.sources(r.Flag, true))
	if err != nil {
		return pocketbook.Token{}, "", err
	}
	if text == "" {
		return pocketbook.Token{}, "", &NoTokenError{Tried: s.tried}
	}
	token, err = pocketbook.NewToken(text)
	return token, from, err
}

func tokenKind() kind {
	return kind{
		key: keyToken, flag: "--api-token", env: envToken, label: "API token", longest: largestTokenIn,
		check: checkToken, empty: pocketbook.ErrEmptyToken, tooLong: pocketbook.ErrTokenTooLong,
		fail: func(source string, err error) error { return &TokenError{Source: source, Err: err} },
	}
}

func checkToken(text string) error {
	_, err := pocketbook.NewToken(text)
	return err
}
