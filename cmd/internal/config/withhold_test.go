package config_test

import (
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

func TestAForeignFolderGetsNoCredentialsForATargetOfItsChoice(t *testing.T) {
	const user = "secret: whsec_user\nheaders:\n  Authorization: Bearer user\nprofiles:\n  live:\n    secret: whsec_live\n"
	for name, test := range map[string]struct {
		project  string
		options  config.LoadOptions
		secret   string
		headers  int
		withheld bool
	}{
		"its target is elsewhere":          {"to: https://evil.example\n", config.LoadOptions{}, "", 0, true},
		"its profile's target too":         {"profile: live\nprofiles:\n  live: {to: 'https://evil.example'}\n", config.LoadOptions{}, "", 0, true},
		"its target is this machine":       {"to: http://localhost:3000/x\n", config.LoadOptions{}, "whsec_user", 1, false},
		"its target is 127.0.0.1":          {"to: http://127.0.0.1:3000/x\n", config.LoadOptions{}, "whsec_user", 1, false},
		"its target is ::1":                {"to: 'http://[::1]:3000/x'\n", config.LoadOptions{}, "whsec_user", 1, false},
		"its target looks like localhost":  {"to: http://localhost.evil.example\n", config.LoadOptions{}, "", 0, true},
		"it names no target":               {"color: never\n", config.LoadOptions{}, "whsec_user", 1, false},
		"a flag names the target":          {"to: https://evil.example\n", config.LoadOptions{Flags: map[string]string{"to": "https://mine.example"}}, "whsec_user", 1, false},
		"the profile was asked for":        {"profiles:\n  live: {to: 'https://live.example'}\n", config.LoadOptions{Profile: "live"}, "whsec_live", 1, false},
		"it brings a secret of its own":    {"to: https://evil.example\nsecret: whsec_theirs\n", config.LoadOptions{}, "whsec_theirs", 0, true},
		"it points to the user's keyring":  {"to: https://evil.example\nsecret-source: keyring\n", config.LoadOptions{}, "", 0, true},
		"it brings a header of its own":    {"to: https://evil.example\nheaders:\n  X-Theirs: 1\n", config.LoadOptions{}, "", 1, true},
		"it replaces a header of the user": {"to: https://evil.example\nheaders:\n  authorization: theirs\n", config.LoadOptions{}, "", 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.keyring.put("secret", "whsec_ring")
			d.write(d.userFile(), user)
			d.write(d.projectFile(), test.project)
			cfg := d.load(test.options)
			found, err := config.ResolveSecret(t.Context(), d.host(), cfg, config.SecretRequest{})
			if err != nil || found.Current.Reveal() != test.secret {
				t.Errorf("the secret is %q (%v), want %q", found.Current.Reveal(), err, test.secret)
			}
			if len(cfg.Headers) != test.headers {
				t.Errorf("headers %v, want %d", cfg.Headers, test.headers)
			}
			want := config.Warning{Code: config.WarnWithheld, Path: d.projectFile()}
			if got := len(cfg.Warnings) == 1 && cfg.Warnings[0] == want; got != test.withheld {
				t.Errorf("warnings %v, withheld %v", cfg.Warnings, test.withheld)
			}
		})
	}
}
