package config_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

func TestTheUsersFileIsWhereItsPlatformKeepsSettings(t *testing.T) {
	join := filepath.Join
	for name, test := range map[string]struct {
		goos string
		env  map[string]string
		want string
	}{
		"Linux":                        {"linux", map[string]string{"HOME": "/home/ada"}, join("/home/ada", ".config", "pbhook", "config.yaml")},
		"FreeBSD":                      {"freebsd", map[string]string{"HOME": "/home/ada"}, join("/home/ada", ".config", "pbhook", "config.yaml")},
		"macOS":                        {"darwin", map[string]string{"HOME": "/Users/ada"}, join("/Users/ada", "Library", "Application Support", "pbhook", "config.yaml")},
		"Windows":                      {"windows", map[string]string{"AppData": "/c/Ada"}, join("/c/Ada", "pbhook", "config.yaml")},
		"XDG on Linux":                 {"linux", map[string]string{"HOME": "/home/ada", "XDG_CONFIG_HOME": "/xdg"}, join("/xdg", "pbhook", "config.yaml")},
		"XDG on macOS":                 {"darwin", map[string]string{"HOME": "/Users/ada", "XDG_CONFIG_HOME": "/xdg"}, join("/xdg", "pbhook", "config.yaml")},
		"a relative XDG is ignored":    {"linux", map[string]string{"HOME": "/home/ada", "XDG_CONFIG_HOME": "xdg"}, join("/home/ada", ".config", "pbhook", "config.yaml")},
		"no home on Linux":             {"linux", nil, ""},
		"no home on macOS":             {"darwin", nil, ""},
		"no home on Windows":           {"windows", map[string]string{"HOME": "/home/ada"}, ""},
		"no home but XDG is no matter": {"linux", map[string]string{"XDG_CONFIG_HOME": "/xdg"}, join("/xdg", "pbhook", "config.yaml")},
	} {
		t.Run(name, func(t *testing.T) {
			host := config.Host{GOOS: test.goos, LookupEnv: func(name string) (string, bool) {
				value, ok := test.env[name]
				return value, ok
			}}
			got, err := config.Path(host)
			if got != test.want || (err != nil) != (test.want == "") || err != nil && !errors.Is(err, config.ErrNoHome) {
				t.Errorf("Path = %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestWithoutAHomeTheOtherSourcesStillCount(t *testing.T) {
	d := newDesk(t)
	delete(d.env, "HOME")
	d.write(d.projectFile(), "to: http://project\n")
	if got := d.load(config.LoadOptions{}).To; got != "http://project" {
		t.Errorf("to is %q", got)
	}
}
