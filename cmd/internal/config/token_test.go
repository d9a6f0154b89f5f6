package config_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

func (d *desk) token(r config.TokenRequest) (pocketbook.Token, string, error) {
	d.t.Helper()
	return config.ResolveToken(d.t.Context(), d.host(), d.load(config.LoadOptions{}), r)
}

func TestEachSourceOfTheTokenBeatsTheNext(t *testing.T) {
	d := newDesk(t)
	var request config.TokenRequest
	file := filepath.Join(d.work, "token.txt")
	steps := []struct {
		token, source string
		set           func()
	}{
		{"keyring", "keyring", func() {
			d.write(d.userFile(), "profile: dev\nprofiles:\n  dev:\n    secret-source: keyring\n")
			d.keyring.put("dev/api-token", "keyring")
		}},
		{"profile", "profile dev", func() {
			d.write(d.userFile(), "profile: dev\nprofiles:\n  dev:\n    secret-source: keyring\n    api-token: profile\n")
		}},
		{"dotenv", ".env", func() { d.write(filepath.Join(d.work, ".env"), "POCKETBOOK_API_TOKEN=dotenv\n") }},
		{"environment", "POCKETBOOK_API_TOKEN", func() { d.env["POCKETBOOK_API_TOKEN"] = "environment" }},
		{"file", file, func() {
			d.write(file, "file\r\n")
			request.File = file
		}},
		{"flag", "--api-token", func() { request.Flag = text("flag") }},
	}
	for _, step := range steps {
		step.set()
		found, source, err := d.token(request)
		if err != nil || found.Reveal() != step.token || source != step.source {
			t.Errorf("%q from %q, %v; want %q from %q", found.Reveal(), source, err, step.token, step.source)
		}
	}
}

func TestWithoutATokenTheErrorTellsWhereItLooked(t *testing.T) {
	_, _, err := newDesk(t).token(config.TokenRequest{})
	var missing *config.NoTokenError
	if !errors.As(err, &missing) {
		t.Fatalf("ResolveToken fails with %v", err)
	}
	if diff := cmp.Diff([]string{"POCKETBOOK_API_TOKEN", ".env", "configuration"}, missing.Tried); diff != "" {
		t.Errorf("tried differs (-want +got):\n%s", diff)
	}
}

func TestATokenThatCannotBeUsedStopsTheSearch(t *testing.T) {
	for name, test := range map[string]struct {
		request config.TokenRequest
		content string
		want    error
	}{
		"a flag without a value": {config.TokenRequest{Flag: text("")}, "", pocketbook.ErrEmptyToken},
		"its scheme in front":    {config.TokenRequest{Flag: text("Bearer classified")}, "", pocketbook.ErrTokenScheme},
		"an empty file":          {config.TokenRequest{File: "token"}, "", pocketbook.ErrEmptyToken},
		"two lines":              {config.TokenRequest{File: "token"}, "classified\nclassified\n", pocketbook.ErrTokenForm},
		"a file without an end":  {config.TokenRequest{File: "token"}, strings.Repeat("a", 1<<20), pocketbook.ErrTokenTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.env["POCKETBOOK_API_TOKEN"] = "fallback"
			if test.request.File != "" {
				test.request.File = filepath.Join(d.work, "token")
				d.write(test.request.File, test.content)
			}
			found, _, err := d.token(test.request)
			var unusable *config.TokenError
			if !errors.As(err, &unusable) || !errors.Is(err, test.want) || !found.IsZero() {
				t.Errorf("ResolveToken gives %v, %v; want %v", found, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "classified") {
				t.Errorf("the error quotes the token: %v", err)
			}
		})
	}
}

func TestATokenOfTheSettingsIsNeverShown(t *testing.T) {
	d := newDesk(t)
	if _, err := d.set("dev", "api-token", "classified-token"); err != nil {
		t.Fatal(err)
	}
	cfg := d.load(config.LoadOptions{Profile: "dev"})
	if printed := fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg.Values()); strings.Contains(printed, "classified") {
		t.Errorf("printed: %s", printed)
	}
	if _, err := d.set("dev", "api-token", "classified token"); !errors.Is(err, pocketbook.ErrTokenForm) {
		t.Errorf("a token with a space is set: %v", err)
	}
}

func TestATokenGoesToTheKeyringOfAProfileThatKeepsItsSecretsThere(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "profiles:\n  dev:\n    secret-source: keyring\n")
	if _, err := d.set("dev", "api-token", "token-of-dev"); err != nil {
		t.Fatal(err)
	}
	if got, err := d.keyring.Get("pbhook", "dev/api-token"); err != nil || got != "token-of-dev" {
		t.Errorf("the keyring has %q, %v", got, err)
	}
}
