package config_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

// desk is a user at a working directory, with a home and an environment of their own.
type desk struct {
	t          *testing.T
	home, work string
	env        map[string]string
	keyring    *fakeKeyring
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	home, work := t.TempDir(), t.TempDir()
	return &desk{t: t, home: home, work: work, env: map[string]string{"HOME": home}, keyring: newFakeKeyring()}
}

func (d *desk) host() config.Host {
	return config.Host{
		LookupEnv: func(name string) (string, bool) { value, ok := d.env[name]; return value, ok },
		Stdin:     strings.NewReader(""),
		Dir:       d.work,
		GOOS:      "linux",
		Keyring:   d.keyring,
	}
}

func (d *desk) userFile() string    { return filepath.Join(d.home, ".config", "pbhook", "config.yaml") }
func (d *desk) projectFile() string { return filepath.Join(d.work, ".pbhook.yaml") }

func (d *desk) write(path, content string) {
	d.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) load(o config.LoadOptions) config.Config {
	d.t.Helper()
	cfg, err := config.Load(d.host(), o)
	if err != nil {
		d.t.Fatalf("Load: %v", err)
	}
	return cfg
}

func TestEachSourceOfASettingBeatsTheNext(t *testing.T) {
	d := newDesk(t)
	steps := []struct {
		name, to, from string
		set            func(o *config.LoadOptions)
	}{
		{"nothing is set", "", "", func(*config.LoadOptions) {}},
		{"the user's file", "http://user", d.userFile() + ":1", func(*config.LoadOptions) {
			d.write(d.userFile(), "to: http://user\n")
		}},
		{"the profile in the user's file", "http://user-profile", d.userFile() + ":4", func(o *config.LoadOptions) {
			d.write(d.userFile(), "to: http://user\nprofiles:\n  dev:\n    to: http://user-profile\n")
			o.Profile = "dev"
		}},
		{"the project's file", "http://project", d.projectFile() + ":1", func(*config.LoadOptions) {
			d.write(d.projectFile(), "to: http://project\n")
		}},
		{"the profile in the project's file", "http://project-profile", d.projectFile() + ":4", func(*config.LoadOptions) {
			d.write(d.projectFile(), "to: http://project\nprofiles:\n  dev:\n    to: http://project-profile\n")
		}},
		{"the environment", "http://environment", "PBHOOK_TO", func(*config.LoadOptions) {
			d.env["PBHOOK_TO"] = "http://environment"
		}},
		{"the flag", "http://flag", "--to", func(o *config.LoadOptions) {
			o.Flags = map[string]string{"to": "http://flag"}
		}},
	}
	var options config.LoadOptions
	for _, step := range steps {
		step.set(&options)
		cfg := d.load(options)
		if cfg.To != step.to {
			t.Errorf("with %s, to is %q, want %q", step.name, cfg.To, step.to)
		}
		if from := origin(cfg, "to"); from != step.from {
			t.Errorf("with %s, to comes from %q, want %q", step.name, from, step.from)
		}
	}
}

func origin(cfg config.Config, key string) string {
	for _, value := range cfg.Values() {
		if value.Key == key {
			return value.From
		}
	}
	return ""
}

func TestEachSourceOfTheProfileBeatsTheNext(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "profile: a\nprofiles:\n  a: {to: http://a}\n  b: {to: http://b}\n  c: {to: http://c}\n  d: {to: http://d}\n")
	if got := d.load(config.LoadOptions{}).To; got != "http://a" {
		t.Errorf("the user's default gives %q", got)
	}
	d.write(d.projectFile(), "profile: b\n")
	if got := d.load(config.LoadOptions{}).To; got != "http://b" {
		t.Errorf("the project's default gives %q", got)
	}
	d.env["PBHOOK_PROFILE"] = "c"
	if got := d.load(config.LoadOptions{}).To; got != "http://c" {
		t.Errorf("the environment gives %q", got)
	}
	cfg := d.load(config.LoadOptions{Profile: "d"})
	if cfg.To != "http://d" || cfg.Profile != "d" || origin(cfg, "profile") != "--profile" {
		t.Errorf("the flag gives %q of profile %q from %q", cfg.To, cfg.Profile, origin(cfg, "profile"))
	}
}

func TestANamedFileIsTheOnlyOne(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "to: http://user\ncolor: never\n")
	d.write(d.projectFile(), "to: http://project\n")
	named := filepath.Join(d.work, "ci.yaml")
	d.write(named, "output: json\n")
	d.env["PBHOOK_CONFIG"] = named
	for name, options := range map[string]config.LoadOptions{"by variable": {}, "by flag": {File: named}} {
		cfg := d.load(options)
		if cfg.To != "" || cfg.Color != "" || cfg.Output != "json" || !cmp.Equal(cfg.Files, []string{named}) {
			t.Errorf("%s: to %q, color %q, output %q of %v", name, cfg.To, cfg.Color, cfg.Output, cfg.Files)
		}
	}
	_, err := config.Load(d.host(), config.LoadOptions{File: filepath.Join(d.work, "missing.yaml")})
	if wrong := (*config.FileError)(nil); !errors.As(err, &wrong) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a named file that is missing gives %v", err)
	}
}

func TestEverySettingReachesItsField(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), `
timeout: 20s
tolerance: 10m
fixtures: mine
color: always
output: json
headers:
  X-Env: staging
  Authorization: Bearer abc
`)
	d.write(d.projectFile(), "to: http://localhost:1/x\nheaders:\n  x-env: laptop\n")
	cfg := d.load(config.LoadOptions{})
	want := []any{
		"http://localhost:1/x", 20 * time.Second, 10 * time.Minute, "always", "json", filepath.Join(filepath.Dir(d.userFile()), "mine"),
		[]config.Header{{"Authorization", "Bearer abc"}, {"x-env", "laptop"}},
	}
	got := []any{cfg.To, cfg.Timeout, cfg.Tolerance, cfg.Color, cfg.Output, cfg.Fixtures, cfg.Headers}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings differ (-want +got):\n%s", diff)
	}
}

func TestAFolderOfFixturesIsMeantFromWhereItIsNamed(t *testing.T) {
	d := newDesk(t)
	d.write(d.projectFile(), "fixtures: ./events\n")
	if got, want := d.load(config.LoadOptions{}).Fixtures, filepath.Join(d.work, "events"); got != want {
		t.Errorf("of a file: %q, want %q", got, want)
	}
	d.env["PBHOOK_FIXTURES"] = "elsewhere"
	if got := d.load(config.LoadOptions{}).Fixtures; got != "elsewhere" {
		t.Errorf("of a variable: %q, want it as it is", got)
	}
}

func TestAFileThatIsNotUnderstoodIsRefusedWithItsPlace(t *testing.T) {
	for name, test := range map[string]struct{ content, want string }{
		"an unknown key":             {"to: http://a\ncolour: always\n", `:2:1: unknown key "colour"`},
		"an unknown key of profile":  {"profiles:\n  a:\n    too: x\n", `:3:5: unknown key "too"`},
		"a default in a profile":     {"profiles:\n  a:\n    profile: b\n", `:3:5: unknown key "profile"`},
		"profiles in a profile":      {"profiles:\n  a:\n    profiles: {}\n", `:3:5: unknown key "profiles"`},
		"a key twice":                {"to: http://a\nto: http://b\n", `:2:1: mapping key "to" already defined at [1:1]`},
		"a header twice in two ways": {"headers:\n  X-A: 1\n  x-a: 2\n", `:3:3: header x-a is set twice`},
		"a list":                     {"to: [http://a]\n", `:1:5: to wants one plain value`},
		"a list of everything":       {"- to\n", `:1:1: want keys and values`},
		"a word alone":               {"whsec_alone\n", `:1:1: want keys and values`},
		"an anchor":                  {"to: &a http://a\n", `:1:5: to wants one plain value`},
		"a tag":                      {"to: !!str http://a\n", `:1:5: to wants one plain value`},
		"a key without a value":      {"to:\n", `:1:5: to wants one plain value`},
		"an empty value":             {"to: ''\n", `:1:5: to: want a value, got none`},
		"two documents":              {"to: http://a\n---\nto: http://b\n", `want one document, got several`},
		"an empty second document":   {"to: http://a\n---\n", `want one document, got several`},
		"a target that is no URL":    {"to: localhost:3000\n", `:1:5: to: want an http or https URL`},
		"a target of another kind":   {"to: ftp://user:pass@a\n", `:1:5: to: want an http or https URL`},
		"a duration without a unit":  {"timeout: 30\n", `:1:10: timeout: want a duration such as 30s or 5m, got "30"`},
		"a duration of nothing":      {"tolerance: 0s\n", `:1:12: tolerance: want a duration above 0, such as 30s or 5m, got "0s"`},
		"a colour of its own":        {"color: red\n", `:1:8: color: want auto, always or never, got "red"`},
		"an output of its own":       {"output: xml\n", `:1:9: output: want text or json, got "xml"`},
		"a source of its own":        {"secret-source: vault\n", `:1:16: secret-source: want keyring, got "vault"`},
		"a profile with a space":     {"profiles:\n  a b: {}\n", `:2:3: want a profile name of letters`},
		"a header that is no name":   {"headers:\n  'X A': 1\n", `:2:10: headers.X A: want a header name, got "x a"`},
		"a header with a line break": {"headers:\n  X-A: \"1\\r\\nX-B: 2\"\n", `:2:8: headers.X-A: the value of header x-a has a control character`},
		"headers as one value":       {"headers: x\n", `:1:10: want keys and values`},
		"an unfinished quote":        {"to: 'http://a\n", `:1:5: could not find end character of single-quoted text`},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write(d.userFile(), test.content)
			_, err := config.Load(d.host(), config.LoadOptions{})
			if err == nil || !strings.HasPrefix(err.Error(), d.userFile()) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Load fails with %v, want %s%s", err, d.userFile(), test.want)
			}
		})
	}
}

func TestAnErrorNeverQuotesTheSecret(t *testing.T) {
	for name, content := range map[string]string{
		"quotes in quotes":            "secret: \"'whsec_classified'\"\n",
		"white space in quotes":       "secret: ' whsec_classified'\n",
		"several lines":               "secret: |\n  whsec_classified\n  classified\n",
		"an unfinished quote":         "secret: \"whsec_classified\n",
		"a broken line after it":      "secret: whsec_classified\n  : }\n",
		"a broken line before it":     "to: {\nsecret: whsec_classified\n",
		"a list":                      "secret: [whsec_classified]\n",
		"a tab":                       "secret:\twhsec_classified\n\tx: y\n",
		"a mapping":                   "secret: {whsec_classified: 1}\n",
		"an escape that is none":      "secret: \"whsec_classified\\q\"\n",
		"a password in the target":    "to: http://user:classified@\n",
		"a password and a bad escape": "to: 'http://user:classified@host/%zz'\n",
		"a header with a control":     "headers:\n  X: \"classified\\n\"\n",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write(d.userFile(), content)
			cfg, err := config.Load(d.host(), config.LoadOptions{})
			if err == nil {
				t.Fatalf("Load accepts it: %v", cfg)
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "classified") {
				t.Errorf("the error quotes it: %v", err)
			}
		})
	}
}

func TestNothingThatIsPrintedHoldsASecret(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), `
to: https://user:classified@example.com/hook
secret: whsec_classified_aaaa1111
previous-secret: whsec_classified_bbbb2222
headers:
  Authorization: Bearer classified
  X-Api-Key: classified
  X-Env: staging
`)
	cfg := d.load(config.LoadOptions{})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		printed := fmt.Sprintf(verb, cfg.Headers) + fmt.Sprintf(verb, cfg.Values())
		if strings.Contains(printed, "classified") {
			t.Errorf("%s prints %s", verb, printed)
		}
		if printed := fmt.Sprintf(verb, cfg); strings.Contains(printed, "classified") {
			t.Errorf("%s prints %s", verb, printed)
		}
	}
	var shown []string
	for _, value := range cfg.Values() {
		shown = append(shown, value.Key+" "+value.Text)
	}
	want := []string{
		"to https://user:xxxxx@example.com/hook", "secret whsec_…1111", "previous-secret whsec_…2222",
		"headers.Authorization …", "headers.X-Api-Key …", "headers.X-Env staging",
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("values differ (-want +got):\n%s", diff)
	}
}

func TestAProfileThatIsNowhereIsRefused(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "profiles:\n  live: {}\n  dev: {}\n")
	_, err := config.Load(d.host(), config.LoadOptions{Profile: "prod"})
	var wrong *config.ProfileError
	if !errors.As(err, &wrong) || wrong.Name != "prod" || wrong.From != "--profile" || !cmp.Equal(wrong.Known, []string{"dev", "live"}) {
		t.Errorf("Load fails with %#v", err)
	}
	if got := d.load(config.LoadOptions{Profile: "live"}).Profile; got != "live" {
		t.Errorf("an empty profile is not found: %q", got)
	}
}

func TestAVariableOrFlagThatIsWrongIsNamed(t *testing.T) {
	d := newDesk(t)
	d.env["PBHOOK_TIMEOUT"] = "soon"
	_, err := config.Load(d.host(), config.LoadOptions{})
	if want := `PBHOOK_TIMEOUT: timeout: want a duration such as 30s or 5m, got "soon"`; err == nil || err.Error() != want {
		t.Errorf("Load fails with %v, want %s", err, want)
	}
	d.env["PBHOOK_TIMEOUT"] = ""
	_, err = config.Load(d.host(), config.LoadOptions{Flags: map[string]string{"to": "nowhere"}})
	if want := `--to: want an http or https URL`; err == nil || err.Error() != want {
		t.Errorf("Load fails with %v, want %s", err, want)
	}
}

func TestAFileThatMayBeAnythingIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		make func(d *desk)
		want error
	}{
		"a symbolic link": {func(d *desk) {
			d.write(filepath.Join(d.work, "real"), "to: http://a\n")
			if err := os.Symlink(filepath.Join(d.work, "real"), d.projectFile()); err != nil {
				d.t.Fatal(err)
			}
		}, config.ErrSymlink},
		"a folder": {func(d *desk) {
			if err := os.Mkdir(d.projectFile(), 0o700); err != nil {
				d.t.Fatal(err)
			}
		}, config.ErrNotRegular},
		"a file without end": {func(d *desk) {
			d.write(d.projectFile(), strings.Repeat("# comment\n", 7_000))
		}, config.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			test.make(d)
			_, err := config.Load(d.host(), config.LoadOptions{})
			if wrong := (*config.FileError)(nil); !errors.Is(err, test.want) || !errors.As(err, &wrong) || wrong.Path != d.projectFile() {
				t.Errorf("Load fails with %v, want %v", err, test.want)
			}
		})
	}
}

func TestAFileOfCommentsIsEmpty(t *testing.T) {
	for _, content := range []string{"", "# nothing yet\n", "---\n", "profiles:\n", "headers:\nprofiles:\n  a:\n"} {
		d := newDesk(t)
		d.write(d.userFile(), content)
		if values := d.load(config.LoadOptions{}).Values(); len(values) != 0 {
			t.Errorf("%q has values %v", content, values)
		}
	}
}

func TestAFileWithASecretThatOthersCanReadIsWarnedOf(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		mode    fs.FileMode
		goos    string
		want    int
	}{
		"a secret for all":             {"secret: whsec_a\n", 0o644, "linux", 1},
		"a secret for the group":       {"profiles:\n  a:\n    secret: whsec_a\n", 0o640, "linux", 1},
		"a header with a credential":   {"headers:\n  Authorization: x\n", 0o644, "linux", 1},
		"a secret for the user":        {"secret: whsec_a\n", 0o600, "linux", 0},
		"no secret":                    {"to: http://a\n", 0o644, "linux", 0},
		"Windows has other permission": {"secret: whsec_a\n", 0o644, "windows", 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write(d.projectFile(), test.content)
			if err := os.Chmod(d.projectFile(), test.mode); err != nil {
				t.Fatal(err)
			}
			host := d.host()
			host.GOOS = test.goos
			cfg, err := config.Load(host, config.LoadOptions{})
			if err != nil || len(cfg.Warnings) != test.want {
				t.Fatalf("Load gives %v, %v", cfg.Warnings, err)
			}
			if test.want > 0 && cfg.Warnings[0] != (config.Warning{Code: config.WarnReadable, Path: d.projectFile()}) {
				t.Errorf("the warning is %v", cfg.Warnings[0])
			}
		})
	}
}
