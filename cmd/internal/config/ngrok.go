package config

import (
	"context"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
)

const envNgrok = "NGROK_AUTHTOKEN" // as ngrok's own programs call it

// ResolveNgrok takes the authtoken of ngrok from NGROK_AUTHTOKEN, .env, the profile or the keyring, whichever has it first.
// Without one the error wraps [ngrok.ErrNoToken]; one that cannot be used is a [*TokenError].
func ResolveNgrok(ctx context.Context, host Host, cfg Config) (ngrok.Token, error) {
	s := search{host: host, cfg: cfg, kind: kind{
		key: keyNgrok, env: envNgrok, longest: largestTokenIn, check: checkNgrok,
		fail: func(source string, err error) error { return &TokenError{Source: source, Err: err} },
	}}
	text, _, err := s.first(ctx, s.sources(nil, false))
	if err != nil {
		return ngrok.Token{}, err
	}
	return ngrok.NewToken(text)
}

func checkNgrok(text string) error {
	_, err := ngrok.NewToken(text)
	return err
}
