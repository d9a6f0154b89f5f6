package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

func (d *desk) set(profile, key, value string) (string, error) {
	return config.Set(d.t.Context(), d.host(), config.Edit{Path: d.userFile(), Profile: profile, Key: key, Value: value})
}

const commented = `# settings of mine
to: http://localhost:3000/hook # the usual one

# profiles, by stage
profiles:
  # the shared stage
  staging:
    to: https://staging.example.com # ask Ada
    headers:
      X-Env: staging
  live:
    secret-source: keyring
# the end
`

func TestSetChangesOneValueAndKeepsTheRest(t *testing.T) {
	for name, test := range map[string]struct {
		before, profile, key, value, after string
	}{
		"a value that is there": {commented, "", "to", "http://localhost:4000/",
			strings.Replace(commented, "http://localhost:3000/hook", "http://localhost:4000/", 1)},
		"a value of a profile": {commented, "staging", "to", "https://other.example.com",
			strings.Replace(commented, "https://staging.example.com", "https://other.example.com", 1)},
		"a new value of a profile": {commented, "live", "timeout", "10s",
			strings.Replace(commented, "keyring\n", "keyring\n    timeout: 10s\n", 1)},
		"a header, in any case": {commented, "staging", "headers.x-env", "test",
			strings.Replace(commented, "X-Env: staging", "X-Env: test", 1)},
		"one more header": {commented, "staging", "headers.X-More", "1",
			strings.Replace(commented, "X-Env: staging\n", "X-Env: staging\n      X-More: \"1\"\n", 1)},
		"a first header": {commented, "live", "headers.X-Env", "live",
			strings.Replace(commented, "keyring\n", "keyring\n    headers:\n      X-Env: live\n", 1)},
		"a new profile": {commented, "dev", "color", "never",
			strings.Replace(commented, "# the end", "  dev:\n    color: never\n# the end", 1)},
		"a new value at the top":       {"to: http://a\n", "", "output", "json", "to: http://a\noutput: json\n"},
		"the default profile":          {"profiles:\n  a: {}\n", "", "profile", "a", "profiles:\n  a: {}\nprofile: a\n"},
		"into a file of comments":      {"# nothing yet\n", "", "to", "http://a", "# nothing yet\nto: http://a\n"},
		"into an empty file":           {"", "dev", "to", "http://a", "profiles:\n  dev:\n    to: http://a\n"},
		"under a key without a value":  {"profiles:\n", "dev", "to", "http://a", "profiles:\n  dev:\n    to: http://a\n"},
		"into an empty profile":        {"profiles:\n  dev:\n", "dev", "to", "http://a", "profiles:\n  dev:\n    to: http://a\n"},
		"into a profile in one line":   {"profiles: {dev: {color: never}}\n", "dev", "output", "json", "profiles: {dev: {color: never, output: json}}\n"},
		"a secret that looks like no":  {"to: http://a\n", "", "secret", "no", "to: http://a\nsecret: \"no\"\n"},
		"a secret of digits":           {"secret: whsec_a\n", "", "secret", "0123", "secret: \"0123\"\n"},
		"a secret with a hash":         {"", "", "secret", "whsec_a #b", "secret: \"whsec_a #b\"\n"},
		"a secret with a colon":        {"", "", "secret", "whsec_a: b", "secret: \"whsec_a: b\"\n"},
		"a file that lacks a line end": {"to: http://a", "", "output", "json", "to: http://a\noutput: json\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.write(d.userFile(), test.before)
			where, err := d.set(test.profile, test.key, test.value)
			if err != nil || where != d.userFile() {
				t.Fatalf("Set gives %q, %v", where, err)
			}
			after, err := os.ReadFile(d.userFile())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.after, string(after)); diff != "" {
				t.Errorf("the file differs (-want +got):\n%s", diff)
			}
			cfg := d.load(config.LoadOptions{Profile: test.profile})
			if test.key == "secret" {
				found, err := config.ResolveSecret(t.Context(), d.host(), cfg, config.SecretRequest{})
				if err != nil || found.Current.Reveal() != test.value {
					t.Errorf("the secret reads back as %q, %v", found.Current.Reveal(), err)
				}
			}
		})
	}
}

func TestSetRefusesWhatLoadWouldRefuse(t *testing.T) {
	for name, test := range map[string]struct {
		profile, key, value string
		want                any
	}{
		"an unknown key":         {"", "colour", "always", &config.KeyError{}},
		"profiles as a whole":    {"", "profiles", "x", &config.KeyError{}},
		"headers as a whole":     {"", "headers", "x", &config.KeyError{}},
		"a default in a profile": {"a", "profile", "b", &config.KeyError{}},
		"a wrong value":          {"", "to", "localhost", &config.ValueError{}},
		"nothing as a value":     {"", "to", "", &config.ValueError{}},
		"a header without name":  {"", "headers.", "x", &config.ValueError{}},
		"a profile with a slash": {"../a", "to", "http://a", &config.ValueError{}},
		"a secret in quotes":     {"", "secret", `"whsec_classified"`, &config.ValueError{}},
		"a secret with a space":  {"", "secret", "whsec_classified ", &config.ValueError{}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			_, err := d.set(test.profile, test.key, test.value)
			var key *config.KeyError
			var value *config.ValueError
			switch test.want.(type) {
			case *config.KeyError:
				if !errors.As(err, &key) || !slices.Contains(key.Known, "headers.NAME") || slices.Contains(key.Known, test.key) {
					t.Errorf("Set fails with %v, want a KeyError", err)
				}
			case *config.ValueError:
				if !errors.As(err, &value) {
					t.Errorf("Set fails with %v, want a ValueError", err)
				}
			}
			if err != nil && strings.Contains(err.Error(), "classified") {
				t.Errorf("the error quotes the secret: %v", err)
			}
			if _, err := os.Stat(d.userFile()); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a file was made: %v", err)
			}
		})
	}
}

func TestAFileThatIsBrokenIsNotWritten(t *testing.T) {
	d := newDesk(t)
	const broken = "to: 'http://a\n"
	d.write(d.userFile(), broken)
	if _, err := d.set("", "color", "never"); err == nil {
		t.Error("Set edits it")
	}
	if after, _ := os.ReadFile(d.userFile()); string(after) != broken {
		t.Errorf("the file is now %q", after)
	}
}

func TestASecretOfTheKeyringStaysOutOfTheFile(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), commented)
	where, err := d.set("live", "secret", "whsec_live")
	if err != nil || where != "keyring, account live/secret" {
		t.Fatalf("Set gives %q, %v", where, err)
	}
	if _, err := d.set("live", "previous-secret", "whsec_before"); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(d.userFile()); string(after) != commented {
		t.Errorf("the file is now %s", after)
	}
	found, err := config.ResolveSecret(t.Context(), d.host(), d.load(config.LoadOptions{Profile: "live"}), config.SecretRequest{Required: true})
	if err != nil || found.Current.Reveal() != "whsec_live" || found.Previous.Reveal() != "whsec_before" || found.Source != "keyring" {
		t.Errorf("the secrets read back as %q and %q, %v", found.Current.Reveal(), found.Previous.Reveal(), err)
	}
	d.keyring.err = errors.New("no keyring here")
	var failed *config.KeyringError
	if _, err := d.set("live", "secret", "whsec_other"); !errors.As(err, &failed) {
		t.Errorf("Set fails with %v, want a KeyringError", err)
	}
	if where, err := d.set("staging", "secret", "whsec_staging"); err != nil || where != d.userFile() {
		t.Errorf("a profile without a keyring gives %q, %v", where, err)
	}
}

func TestALinkIsNotWrittenThrough(t *testing.T) {
	d := newDesk(t)
	target := filepath.Join(d.work, "target.yaml")
	d.write(target, "to: http://a\n")
	if err := os.MkdirAll(filepath.Dir(d.userFile()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, d.userFile()); err != nil {
		t.Fatal(err)
	}
	if _, err := d.set("", "color", "never"); !errors.Is(err, config.ErrSymlink) {
		t.Errorf("Set fails with %v, want ErrSymlink", err)
	}
	if after, _ := os.ReadFile(target); string(after) != "to: http://a\n" {
		t.Errorf("the target is now %q", after)
	}
}

func TestAFileIsNeverSeenHalfWritten(t *testing.T) {
	d := newDesk(t)
	long := strings.Repeat("x", 2_000)
	d.write(d.userFile(), "headers:\n  X-A: "+long+"\n  X-B: "+long+"\n")
	done := make(chan error)
	go func() {
		var err error
		for i := 0; i < 100 && err == nil; i++ {
			_, err = d.set("", "headers.X-A", long+strings.Repeat("y", i))
		}
		done <- err
	}()
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			left, _ := filepath.Glob(filepath.Join(filepath.Dir(d.userFile()), ".*"))
			if len(left) > 0 {
				t.Errorf("files are left behind: %v", left)
			}
			return
		default:
			cfg, err := config.Load(d.host(), config.LoadOptions{})
			if err != nil || len(cfg.Headers) != 2 {
				t.Fatalf("a reader sees %v, %v", cfg, err)
			}
		}
	}
}
