package cmd

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// explainConfig is about settings and secrets.
func explainConfig(err error) (code int, message, hint string) {
	var (
		noSecret *config.NoSecretError
		secret   *config.SecretError
		keyring  *config.KeyringError
		file     *config.FileError
		dotenv   *config.DotenvError
		syntax   *config.SyntaxError
		key      *config.KeyError
		value    *config.ValueError
		profile  *config.ProfileError
		mode     *ui.ModeError
	)
	switch {
	case errors.As(err, &noSecret):
		return exitUsage, "there is no signing secret to work with",
			"set POCKETBOOK_WEBHOOK_SECRET, put it in .env, or give --secret-file; looked in " + strings.Join(noSecret.Tried, ", ")
	case errors.As(err, &secret) && secret.Source == config.SecretVariable && errors.Is(err, signature.ErrEmptySecret):
		return exitUsage, "", "it is set and empty, as in a CI job whose secret is missing; give it a value, or unset it to go without"
	case errors.Is(err, signature.ErrEmptySecret), errors.Is(err, errEmptySecret):
		return exitUsage, "", "an empty secret would let anyone sign; give the one that Pocketbook showed when the webhook was made"
	case errors.Is(err, config.ErrSecretLineEnd):
		return exitUsage, "", "take the line break away: printf '%s' in place of echo, also for what goes into a Kubernetes secret"
	case errors.As(err, &secret):
		return exitUsage, "", "a signing secret is one line of at most 4 KiB, as Pocketbook showed it"
	case errors.As(err, &keyring):
		return exitFailure, "", "unlock the keyring of your system, or give the secret in POCKETBOOK_WEBHOOK_SECRET"
	case errors.As(err, &key):
		return exitUsage, "", "the keys are " + strings.Join(key.Known, ", ")
	case errors.As(err, &value):
		return exitUsage, "", valueHint(value)
	case errors.As(err, &profile):
		if len(profile.Known) == 0 {
			return exitUsage, "", "there are no profiles yet; pbhook config set to URL --profile " + profile.Name + " makes one"
		}
		return exitUsage, "", "the profiles are " + strings.Join(profile.Known, ", ")
	case errors.As(err, &syntax):
		return exitUsage, "", "correct the file, or name another one with --config"
	case errors.As(err, &dotenv):
		return exitUsage, "", fmt.Sprintf("correct line %d: a line is NAME=VALUE or # with a comment, and a quote ends where it began", dotenv.Line)
	case errors.Is(err, config.ErrDotenvPlace):
		return exitUsage, "", "pbhook looks for secrets in .env of the working directory: give it another name, or run pbhook elsewhere"
	case errors.Is(err, config.ErrSymlink), errors.Is(err, config.ErrNotRegular):
		return exitUsage, "", "name the file itself with --config"
	case errors.As(err, &file) && errors.Is(err, fs.ErrNotExist):
		return exitUsage, "", missingHint(file.Path)
	case errors.As(err, &file) && errors.Is(err, fs.ErrPermission):
		return exitFailure, "", "check who owns it, and who may read or write it"
	case errors.As(err, &file):
		return exitUsage, "", "correct the file, or name another one"
	case errors.Is(err, config.ErrNoHome):
		return exitUsage, "", "set XDG_CONFIG_HOME, or name a file with --config"
	case errors.As(err, &mode):
		return exitUsage, "", "the modes are " + strings.Join(ui.Modes(), ", ")
	case errors.Is(err, ui.ErrNotTTY):
		return exitUsage, "", "nobody can be asked here; give the value as an argument, in a file or in the environment"
	}
	return exitSuccess, "", ""
}

func valueHint(e *config.ValueError) string {
	switch {
	case e.Key == "to":
		return endpointHint
	case e.From == "--tolerance":
		return "correct --tolerance; pbhook verify --ignore-time leaves the time out"
	case strings.HasPrefix(e.From, "--"):
		return "correct " + e.From + "; --help shows what it takes"
	default:
		return "pbhook config set --help lists what each key takes"
	}
}
