package config

import (
	"context"
	"io"
	"os"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
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
// If none has one, it is a [*NoSecretError] where a secret is required and zero Secrets where it is not. The previous
// secret is never asked for, and the profile's goes only with the profile's current one.
func ResolveSecret(ctx context.Context, host Host, cfg Config, r SecretRequest) (Secrets, error) {
	s := search{host: host, cfg: cfg, request: r}
	var found Secrets
	var err error
	if found.Current, found.Source, err = s.first(ctx, s.currentSources()); err != nil {
		return Secrets{}, err
	}
	if found.Current.IsZero() && r.Required {
		return Secrets{}, &NoSecretError{Tried: s.tried}
	}
	ofProfile := found.Source == s.profileName() || found.Source == sourceKeyring
	if found.Previous, found.PreviousSource, err = s.first(ctx, s.previousSources(ofProfile)); err != nil {
		return Secrets{}, err
	}
	return found, nil
}

// source is one place that may have a secret; read gives nothing if it has none.
type source struct {
	name string
	read func(context.Context) (string, error)
}

type search struct {
	host    Host
	cfg     Config
	request SecretRequest
	tried   []string
}

// first asks one source after the other.
func (s *search) first(ctx context.Context, sources []source) (signature.Secret, string, error) {
	for _, source := range sources {
		s.tried = append(s.tried, source.name)
		text, err := source.read(ctx)
		if err != nil {
			return signature.Secret{}, "", err
		}
		if text == "" {
			continue
		}
		secret, err := usable(text)
		if err != nil {
			return signature.Secret{}, "", &SecretError{Source: source.name, Err: err}
		}
		return secret, source.name, nil
	}
	return signature.Secret{}, "", nil
}

func usable(text string) (signature.Secret, error) {
	if len(text) > longestSecret {
		return signature.Secret{}, ErrSecretTooLong
	}
	if line := strings.TrimRight(text, "\r\n"); strings.ContainsAny(line, "\r\n") {
		return signature.Secret{}, ErrSecretLines
	} else if line != text {
		return signature.Secret{}, ErrSecretLineEnd
	}
	return signature.NewSecret(text)
}

func (s *search) currentSources() []source {
	canAsk := ui.IsInputTTY(s.host.Stdin)
	flag := s.request.Flag
	if flag != nil && *flag == "" && canAsk {
		return []source{s.prompt()}
	}
	var sources []source
	if flag != nil && *flag != "" {
		sources = append(sources, given("--secret", *flag))
	}
	if s.request.File != "" {
		sources = append(sources, s.file())
	}
	sources = append(sources, s.variable(SecretVariable), s.dotenv(SecretVariable), s.profile(keySecret, s.cfg.secret))
	if s.request.Required && canAsk {
		sources = append(sources, s.prompt())
	}
	return sources
}

func (s *search) previousSources(ofProfile bool) []source {
	var sources []source
	if flag := s.request.PreviousFlag; flag != nil {
		return append(sources, refuseEmpty(given("--previous-secret", *flag)))
	}
	sources = append(sources, s.variable(PreviousSecretVariable), s.dotenv(PreviousSecretVariable))
	if ofProfile {
		sources = append(sources, s.profile(keyPreviousSecret, s.cfg.previous))
	}
	return sources
}

func given(name, value string) source {
	return source{name, func(context.Context) (string, error) { return value, nil }}
}

// refuseEmpty is for sources that somebody named: nothing in them is a mistake, not a reason to look elsewhere.
func refuseEmpty(inner source) source {
	return source{inner.name, func(ctx context.Context) (string, error) {
		text, err := inner.read(ctx)
		if err == nil && text == "" {
			err = &SecretError{Source: inner.name, Err: signature.ErrEmptySecret}
		}
		return text, err
	}}
}

func (s *search) file() source {
	if s.request.File == "-" {
		return refuseEmpty(source{"standard input", func(ctx context.Context) (string, error) {
			if ui.IsInputTTY(s.host.Stdin) {
				return s.prompt().read(ctx)
			}
			return oneLine(ui.Interruptible(ctx, s.host.Stdin))
		}})
	}
	path := s.request.File
	return refuseEmpty(source{path, func(context.Context) (string, error) {
		file, err := os.Open(path) // a link or a pipe is fine: somebody named it
		if err != nil {
			return "", fileError(path, err)
		}
		defer func() { _ = file.Close() }()
		text, err := oneLine(file)
		if err != nil {
			return "", &SecretError{Source: path, Err: err}
		}
		return text, nil
	}})
}

// oneLine reads a secret and cuts off the one line end that an editor or echo puts behind it.
func oneLine(r io.Reader) (string, error) {
	content, err := readBounded(r, longestSecret+len("\r\n"), ErrSecretTooLong)
	if err != nil {
		return "", err
	}
	text, cut := strings.CutSuffix(string(content), "\n")
	if cut {
		text = strings.TrimSuffix(text, "\r")
	}
	return text, nil
}

func (s *search) variable(name string) source { return given(name, s.host.env(name)) }

func (s *search) dotenv(name string) source {
	return source{dotenvFile, func(context.Context) (string, error) {
		values, err := readDotenv(s.host)
		return values[name], err
	}}
}

// profile looks into the settings, or into the keyring where they say that the secret is there.
func (s *search) profile(key string, secret signature.Secret) source {
	if !secret.IsZero() || !s.cfg.keyring {
		return given(s.profileName(), secret.Reveal())
	}
	return source{sourceKeyring, func(ctx context.Context) (string, error) {
		return fromKeyring(ctx, s.host, account(s.cfg.Profile, key))
	}}
}

func (s *search) profileName() string {
	if s.cfg.Profile == "" {
		return "configuration"
	}
	return "profile " + s.cfg.Profile
}

func (s *search) prompt() source {
	return refuseEmpty(source{"prompt", func(ctx context.Context) (string, error) {
		return ui.ReadHidden(ctx, s.host.Stdin, s.host.Stderr, "Signing secret")
	}})
}
