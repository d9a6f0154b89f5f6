package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// The keys of a file.
const (
	keyTo             = "to"
	keySecret         = "secret"
	keyPreviousSecret = "previous-secret"
	keySecretSource   = "secret-source"
	keyHeaders        = "headers"
	keyTimeout        = "timeout"
	keyTolerance      = "tolerance"
	keyFixtures       = "fixtures"
	keyHistory        = "history"
	keyKeep           = "keep"
	keyAPIURL         = "api-url"
	keyToken          = "api-token"
	keyNgrok          = "ngrok-token"
	keyColor          = "color"
	keyOutput         = "output"
	keyProfile        = "profile"  // top level alone: the profile that is used when none is asked for
	keyProfiles       = "profiles" // top level alone
)

const sourceKeyring = "keyring"

// Key is one setting that can be made.
type Key struct {
	Name string
	Env  string // variable that overrides the files; empty if none does
	Help string
}

// Keys lists the settings of a profile in the order in which they are shown. Beside them a file's top level has profile,
// the name of the profile that is used when none is asked for.
func Keys() []Key {
	return []Key{
		{keyTo, "PBHOOK_TO", "URL of the endpoint"},
		{keySecret, "", "signing secret; POCKETBOOK_WEBHOOK_SECRET goes before it"},
		{keyPreviousSecret, "", "the secret before a rotation; POCKETBOOK_WEBHOOK_SECRET_OLD goes before it"},
		{keySecretSource, "", "keyring: the secrets and the token are in the system's keyring"},
		{keyHeaders, "", "headers of every delivery, by name; headers.NAME for one"},
		{keyTimeout, "PBHOOK_TIMEOUT", "how long an endpoint may take, such as 30s"},
		{keyTolerance, "PBHOOK_TOLERANCE", "how old a signature may be, such as 5m"},
		{keyFixtures, "PBHOOK_FIXTURES", "folder of your own fixtures"},
		{keyHistory, "PBHOOK_HISTORY", "file that keeps what was received, or none"},
		{keyKeep, "PBHOOK_KEEP", "how much of the history is kept, such as 30d,10000, or all"},
		{keyAPIURL, "PBHOOK_API_URL", "URL of Pocketbook's API, for register; your own file alone may set it"},
		{keyToken, "", "token of Pocketbook's API; POCKETBOOK_API_TOKEN goes before it"},
		{keyNgrok, "", "authtoken of ngrok, for tunnels; NGROK_AUTHTOKEN goes before it"},
		{keyColor, "PBHOOK_COLOR", "auto, always or never"},
		{keyOutput, "PBHOOK_OUTPUT", "text or json"},
	}
}

// check tells what is wrong with the text of a key; its answer never holds a secret.
func check(key, text string) error {
	if text == "" {
		return errors.New("want a value, got none")
	}
	switch key {
	case keyTo, keyAPIURL:
		return checkURL(text)
	case keySecret, keyPreviousSecret:
		return checkSecret(text)
	case keyToken:
		return checkToken(text)
	case keyNgrok:
		return checkNgrok(text)
	case keySecretSource:
		return oneOf(text, sourceKeyring)
	case keyTimeout, keyTolerance:
		switch d, err := time.ParseDuration(text); {
		case err != nil:
			return fmt.Errorf("want a duration such as 30s or 5m, got %q", text)
		case d <= 0:
			return fmt.Errorf("want a duration above 0, such as 30s or 5m, got %q", text)
		}
	case keyColor:
		return oneOf(text, ui.Modes()...)
	case keyOutput:
		return oneOf(text, "text", "json")
	case keyProfile:
		return checkProfileName(text)
	}
	if name, ok := headerName(key); ok {
		return checkHeader(name, text)
	}
	return nil
}

func oneOf(text string, words ...string) error {
	if slices.Contains(words, text) {
		return nil
	}
	last := len(words) - 1
	want := words[last]
	if last > 0 {
		want = strings.Join(words[:last], ", ") + " or " + want
	}
	return fmt.Errorf("want %s, got %q", want, text)
}

func checkURL(text string) error {
	target, err := url.Parse(text)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return errors.New("want an http or https URL") // it may carry a password, so it is not repeated
	}
	return nil
}

func checkSecret(text string) error {
	if len(text) > longestSecret {
		return ErrSecretTooLong
	}
	secret, err := signature.NewSecret(text)
	if err != nil {
		return err
	}
	for _, warning := range secret.Warnings() {
		if warning.Code == signature.WarnSecretSpace || warning.Code == signature.WarnSecretQuotes {
			return errors.New("has white space or quotes around it, which would become part of the secret")
		}
	}
	if strings.ContainsAny(text, "\r\n") {
		return ErrSecretLines
	}
	return nil
}

// checkProfileName keeps names to what needs no quoting on a command line, in a file and in a keyring.
func checkProfileName(name string) error {
	for _, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && !strings.ContainsRune("-_.", rune(c)) {
			return fmt.Errorf("want a profile name of letters, digits, dots, dashes and underscores, got %q", name)
		}
	}
	if name == "" || len(name) > 64 {
		return errors.New("want a profile name of 1 to 64 characters")
	}
	return nil
}
