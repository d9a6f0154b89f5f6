package cmd

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// secretFlags say which signing secrets a verb works with.
type secretFlags struct {
	current  secretValue
	file     string
	previous string

	flags *pflag.FlagSet
}

func (s *secretFlags) add(flags *pflag.FlagSet) {
	s.flags = flags
	flags.Var(&s.current, "secret", "signing `SECRET`; without a value it is asked for, or taken from the environment (default $POCKETBOOK_WEBHOOK_SECRET, .env, profile)")
	flags.Lookup("secret").NoOptDefVal = askForSecret
	flags.StringVar(&s.file, "secret-file", "", "read the secret from `FILE`, or from stdin for -")
	flags.StringVar(&s.previous, "previous-secret", "", "the `SECRET` before a rotation (default $POCKETBOOK_WEBHOOK_SECRET_OLD)")
}

// resolve finds the secrets. Unless one is required, none found is no error.
func (s *secretFlags) resolve(ctx context.Context, a *app, required bool) (config.Secrets, error) {
	return s.find(ctx, a, s.request(required))
}

func (s *secretFlags) find(ctx context.Context, a *app, request config.SecretRequest) (config.Secrets, error) {
	if _, err := os.Stat(s.current.text); err == nil && s.current.text != "" {
		a.view.Warning("the secret given with --secret is also the name of a file; --secret-file reads the secret from one")
	}
	return a.resolveSecrets(ctx, request)
}

// resolveSecrets finds the secrets and warns of those that are unlike Pocketbook's.
func (a *app) resolveSecrets(ctx context.Context, request config.SecretRequest) (config.Secrets, error) {
	secrets, err := config.ResolveSecret(ctx, a.host(), a.config, request)
	if err != nil {
		return secrets, err
	}
	for _, warning := range secrets.Current.Warnings() {
		a.view.Warning(fmt.Sprintf("%s (it was taken from %s)", warning, secrets.Source))
	}
	for _, warning := range secrets.Previous.Warnings() {
		a.view.Warning(fmt.Sprintf("%s (it is the previous one)", warning))
	}
	return secrets, nil
}

// resolveForApp finds the secrets for an app that is started for the run: what the command line says, else a made-up one.
// Secrets that merely lie about belong to another endpoint.
func (s *secretFlags) resolveForApp(ctx context.Context, a *app) (config.Secrets, error) {
	request := s.request(true)
	if request.Flag == nil && request.File == "" {
		secret, err := madeUpSecret(a.env.Rand)
		if err != nil {
			return config.Secrets{}, err
		}
		text := secret.Reveal()
		request.Flag = &text
	}
	found, err := a.resolveSecrets(ctx, request)
	if request.PreviousFlag == nil {
		found.Previous, found.PreviousSource = signature.Secret{}, ""
	}
	return found, err
}

func (s *secretFlags) request(required bool) config.SecretRequest {
	request := config.SecretRequest{File: s.file, Required: required}
	if s.flags.Changed("secret") {
		request.Flag = &s.current.text
	}
	if s.flags.Changed("previous-secret") {
		request.PreviousFlag = &s.previous
	}
	return request
}

// askForSecret stands for --secret without a value; no secret can be this text, for it is no text.
const askForSecret = "\x00"

// secretValue is the value of --secret. It does not print it: flag values turn up in help and in error messages.
type secretValue struct{ text string }

func (secretValue) String() string { return "" }
func (secretValue) Type() string   { return "secret" }

func (s *secretValue) Set(text string) error {
	switch text {
	case askForSecret:
		s.text = ""
	case "":
		return errEmptySecret
	default:
		s.text = text
	}
	return nil
}
