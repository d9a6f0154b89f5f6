package config

import (
	"context"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

const longestSecret = 4 << 10 // bytes

// The environment variables that servers of the Pocketbook webhook guide take their secrets from, as pbhook does.
const (
	SecretVariable         = "POCKETBOOK_WEBHOOK_SECRET"
	PreviousSecretVariable = "POCKETBOOK_WEBHOOK_SECRET_OLD"
)

// SecretRequest is what the command line says about secrets.
type SecretRequest struct {
	Flag         *string // --secret: nil if not given, empty if given without a value
	File         string  // --secret-file: a path, or - for standard input
	PreviousFlag *string // --previous-secret: nil if not given
	Required     bool    // without a secret, ask, or else fail
	RefuseEmpty  bool    // without a secret, fail if the variable is set: an empty one was meant to hold it; Required does so too
}

// Secrets is what was found; Previous is zero unless a rotation is under way.
type Secrets struct {
	Current, Previous      signature.Secret
	Source, PreviousSource string // such as --secret, POCKETBOOK_WEBHOOK_SECRET, .env, profile "staging", keyring, prompt
}

// ResolveSecret takes the secret from the first that has one: the flag, the file or standard input, the environment,
// .env of the working directory, the profile (or the system's keyring if the profile says so), and last a hidden prompt.
// The flag without a value asks first where somebody can answer, and otherwise goes on with the environment.
//
// A source with a secret that cannot be used stops the search with a [*SecretError], [*FileError] or [*KeyringError].
// If none has one, it is a [*NoSecretError] where a secret is required, or a [*SecretError] if the variable is set and
// empty, and zero Secrets where it is not. The previous secret is never asked for, and the profile's goes only with the
// profile's current one.
func ResolveSecret(ctx context.Context, host Host, cfg Config, r SecretRequest) (Secrets, error) {
	s := search{host: host, cfg: cfg, kind: secretKind(), file: r.File}
	var found Secrets
	var err error
	if found.Current, found.Source, err = s.secret(ctx, s.sources(r.Flag, r.Required)); err != nil {
		return Secrets{}, err
	}
	if found.Current.IsZero() {
		return Secrets{}, s.none(r)
	}
	ofProfile := found.Source == s.profileName() || found.Source == sourceKeyring
	if found.Previous, found.PreviousSource, err = s.secret(ctx, s.previousSources(r.PreviousFlag, ofProfile)); err != nil {
		return Secrets{}, err
	}
	return found, nil
}

// none says why there is no secret, if that is an error.
func (s *search) none(r SecretRequest) error {
	_, set := s.host.LookupEnv(s.kind.env)
	switch {
	case set && (r.Required || r.RefuseEmpty):
		return s.kind.fail(s.kind.env, s.kind.empty)
	case r.Required:
		return &NoSecretError{Tried: s.tried}
	}
	return nil
}

func secretKind() kind {
	return kind{
		key: keySecret, flag: "--secret", env: SecretVariable, label: "Signing secret", longest: longestSecret,
		check: checkGiven, empty: signature.ErrEmptySecret, tooLong: ErrSecretTooLong,
		fail: func(source string, err error) error { return &SecretError{Source: source, Err: err} },
	}
}

func (s *search) secret(ctx context.Context, sources []source) (signature.Secret, string, error) {
	text, from, err := s.first(ctx, sources)
	if err != nil || text == "" {
		return signature.Secret{}, "", err
	}
	secret, err := signature.NewSecret(text)
	return secret, from, err
}

// checkGiven takes a secret as it was given, quotes and all; one that is to be written meets checkSecret.
func checkGiven(text string) error {
	if len(text) > longestSecret {
		return ErrSecretTooLong
	}
	if line := strings.TrimRight(text, "\r\n"); strings.ContainsAny(line, "\r\n") {
		return ErrSecretLines
	} else if line != text {
		return ErrSecretLineEnd
	}
	_, err := signature.NewSecret(text)
	return err
}

func (s *search) previousSources(flag *string, ofProfile bool) []source {
	if flag != nil {
		return []source{s.refuseEmpty(given("--previous-secret", *flag))}
	}
	sources := []source{s.variable(PreviousSecretVariable), s.dotenv(PreviousSecretVariable)}
	if ofProfile {
		sources = append(sources, s.profile(keyPreviousSecret, s.cfg.previous.Reveal()))
	}
	return sources
}
