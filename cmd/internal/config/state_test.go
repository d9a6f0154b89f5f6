package config_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

func TestTheHistoryIsWhereItsPlatformKeepsState(t *testing.T) {
	join := filepath.Join
	for name, test := range map[string]struct {
		goos string
		env  map[string]string
		want string
	}{
		"Linux":                     {"linux", map[string]string{"HOME": "/home/ada"}, join("/home/ada", ".local", "state", "pbhook", "history.db")},
		"macOS":                     {"darwin", map[string]string{"HOME": "/Users/ada"}, join("/Users/ada", "Library", "Application Support", "pbhook", "history.db")},
		"Windows":                   {"windows", map[string]string{"LocalAppData": "/c/Ada"}, join("/c/Ada", "pbhook", "history.db")},
		"XDG on any":                {"darwin", map[string]string{"HOME": "/Users/ada", "XDG_STATE_HOME": "/xdg"}, join("/xdg", "pbhook", "history.db")},
		"a relative XDG is ignored": {"linux", map[string]string{"HOME": "/home/ada", "XDG_STATE_HOME": "xdg"}, join("/home/ada", ".local", "state", "pbhook", "history.db")},
		"no home on Linux":          {"linux", nil, ""},
		"no home on macOS":          {"darwin", nil, ""},
		"no home on Windows":        {"windows", map[string]string{"AppData": "/c/Ada"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			host := config.Host{GOOS: test.goos, LookupEnv: func(name string) (string, bool) {
				value, ok := test.env[name]
				return value, ok
			}}
			got, err := config.HistoryPath(host)
			if got != test.want || (err != nil) != (test.want == "") || err != nil && !errors.Is(err, config.ErrNoState) {
				t.Errorf("HistoryPath = %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestAProjectHasNoSayInTheHistory(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "history: mine.db\nkeep: 30d\n")
	d.write(d.projectFile(), "history: theirs.db\nprofile: p\nprofiles:\n  p: {keep: '1'}\n")
	cfg := d.load(config.LoadOptions{})
	if want := filepath.Join(filepath.Dir(d.userFile()), "mine.db"); cfg.History != want || cfg.Keep != "30d" {
		t.Errorf("history %q, keep %q; want %q and 30d", cfg.History, cfg.Keep, want)
	}
	if want := (config.Warning{Code: config.WarnOfUser, Path: d.projectFile(), Keys: "history and keep"}); len(cfg.Warnings) != 1 || cfg.Warnings[0] != want {
		t.Errorf("warnings %v, want %v", cfg.Warnings, want)
	}
	cfg = d.load(config.LoadOptions{File: d.projectFile()})
	if want := filepath.Join(filepath.Dir(d.projectFile()), "theirs.db"); cfg.History != want || cfg.Keep != "1" {
		t.Errorf("named with --config: history %q, keep %q; want %q and 1", cfg.History, cfg.Keep, want)
	}
}

func TestNoneIsNoFileBesideTheConfiguration(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "history: none\n")
	if got := d.load(config.LoadOptions{}).History; got != config.NoHistory {
		t.Errorf("history is %q", got)
	}
}

func TestAProjectHasNoSayInWhereTheTokenGoes(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "api-url: https://api.example.com\napi-token: mine\n")
	d.write(d.projectFile(), "profile: p\nprofiles:\n  p:\n    api-url: https://evil.example\n    api-token: theirs\n")
	cfg := d.load(config.LoadOptions{})
	token, from, err := config.ResolveToken(t.Context(), d.host(), cfg, config.TokenRequest{})
	if cfg.APIURL != "https://api.example.com" || err != nil || token.Reveal() != "mine" || from != "profile p" {
		t.Errorf("%q from %q, %v, goes to %q", token.Reveal(), from, err, cfg.APIURL)
	}
	if want := "api-url and api-token"; len(cfg.Warnings) != 1 || cfg.Warnings[0].Keys != want {
		t.Errorf("warnings %v, want one of %s", cfg.Warnings, want)
	}
}
