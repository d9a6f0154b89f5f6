package config_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func (d *desk) keeper(place string) config.Keeper {
	d.t.Helper()
	keeper, err := config.NewKeeper(d.host(), d.load(config.LoadOptions{}), d.userFile(), place)
	if err != nil {
		d.t.Fatal(err)
	}
	return keeper
}

// keep is what a verb does: it checks first, and keeps if that is well.
func (d *desk) keep(place, secret string) (string, error) {
	d.t.Helper()
	keeper := d.keeper(place)
	if err := keeper.Check(d.t.Context()); err != nil {
		return "", err
	}
	made, err := signature.NewSecret(secret)
	if err != nil {
		d.t.Fatal(err)
	}
	return keeper.Keep(d.t.Context(), made)
}

func (d *desk) read(path string) string {
	d.t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(content)
}

const newSecret = "whsec_classified_1234"

func TestASecretTakesItsLineInDotenvAndLeavesTheOthers(t *testing.T) {
	const line = "POCKETBOOK_WEBHOOK_SECRET=" + newSecret
	for name, test := range map[string]struct{ before, after string }{
		"a new file":             {"", line + "\n"},
		"a file without it":      {"# mine\nPORT=3000\n", "# mine\nPORT=3000\n" + line + "\n"},
		"without a last newline": {"PORT=3000", "PORT=3000\n" + line + "\n"},
		"in the middle":          {"A=1\nPOCKETBOOK_WEBHOOK_SECRET=whsec_old # the old one\n\nB='2'\n", "A=1\n" + line + "\n\nB='2'\n"},
		"exported":               {"export POCKETBOOK_WEBHOOK_SECRET = \"whsec_old\"\n", "export " + line + "\n"},
		"with the old secret":    {"POCKETBOOK_WEBHOOK_SECRET_OLD=whsec_older\nPOCKETBOOK_WEBHOOK_SECRET=\n", "POCKETBOOK_WEBHOOK_SECRET_OLD=whsec_older\n" + line + "\n"},
		"in a comment":           {"# POCKETBOOK_WEBHOOK_SECRET=whsec_old\n", "# POCKETBOOK_WEBHOOK_SECRET=whsec_old\n" + line + "\n"},
		"twice":                  {"POCKETBOOK_WEBHOOK_SECRET=a\nPOCKETBOOK_WEBHOOK_SECRET=b\n", line + "\n" + line + "\n"},
		"in the way of Windows":  {"A=1\r\nPOCKETBOOK_WEBHOOK_SECRET=a\r\nB=2\r\n", "A=1\r\n" + line + "\r\nB=2\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			file := filepath.Join(d.work, ".env")
			if test.before != "" {
				d.write(file, test.before)
			}
			if where, err := d.keep(".env", newSecret); err != nil || where != file {
				t.Fatalf("Keep = %q, %v", where, err)
			}
			if got := d.read(file); got != test.after {
				t.Errorf("the file is\n%q, want\n%q", got, test.after)
			}
			found, err := d.resolve(config.SecretRequest{})
			if err != nil || found.Current.Reveal() != newSecret {
				t.Errorf("the secret that is found is %q, %v", found.Current.Reveal(), err)
			}
		})
	}
}

func TestASecretOfAnyFormComesBackFromDotenv(t *testing.T) {
	for _, secret := range []string{"whsec_$HOME", "whsec_a#b", "whsec_${1}", "whsec_a b", `whsec_"`, `whsec_\n`, "whsec_ü", "whsec_a=b/c+"} {
		for _, before := range []string{"", "POCKETBOOK_WEBHOOK_SECRET=old\n"} {
			d := newDesk(t)
			d.write(filepath.Join(d.work, ".env"), before)
			if _, err := d.keep(".env", secret); err != nil {
				t.Errorf("%q: %v", secret, err)
				continue
			}
			if found, err := d.resolve(config.SecretRequest{}); err != nil || found.Current.Reveal() != secret {
				t.Errorf("%q comes back as %q, %v", secret, found.Current.Reveal(), err)
			}
		}
	}
	d := newDesk(t)
	if _, err := d.keep(".env", "whsec_'quoted"); err == nil {
		t.Errorf("a secret that .env cannot hold is written as %q", d.read(filepath.Join(d.work, ".env")))
	}
}

func TestADotenvThatCannotTakeASecretIsRefusedBeforeThereIsOne(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(d *desk, file string)
		want error
	}{
		"a symbolic link": {func(d *desk, file string) {
			d.write(file+".elsewhere", "A=1\n")
			if err := os.Symlink(file+".elsewhere", file); err != nil {
				d.t.Fatal(err)
			}
		}, config.ErrSymlink},
		"a folder":              {func(d *desk, file string) { d.write(filepath.Join(file, "x"), "") }, config.ErrNotRegular},
		"what is no .env":       {func(d *desk, file string) { d.write(file, "classified secret\n") }, config.ErrDotenv},
		"too much":              {func(d *desk, file string) { d.write(file, strings.Repeat("# c\n", 20_000)) }, config.ErrTooLarge},
		"a value over lines":    {func(d *desk, file string) { d.write(file, "POCKETBOOK_WEBHOOK_SECRET=\"a\nb\"\n") }, nil},
		"a line within a value": {func(d *desk, file string) { d.write(file, "KEY=\"a\nPOCKETBOOK_WEBHOOK_SECRET=x\n\"\n") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			test.set(d, filepath.Join(d.work, ".env"))
			err := d.keeper(".env").Check(t.Context())
			var file *config.FileError
			if !errors.As(err, &file) || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("Check gives %v, want %v", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "classified") {
				t.Errorf("the error quotes the file: %v", err)
			}
		})
	}
	d := newDesk(t)
	if err := d.keeper("missing/.env").Check(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there gives %v", err)
	}
}

func TestACheckLeavesEverythingAsItIs(t *testing.T) {
	for _, place := range []string{".env", "profile=dev", "keyring"} {
		d := newDesk(t)
		d.write(filepath.Join(d.work, ".env"), "A=1\n")
		d.write(d.userFile(), "to: http://localhost\n")
		if err := d.keeper(place).Check(t.Context()); err != nil {
			t.Fatalf("%s: %v", place, err)
		}
		if got := d.read(filepath.Join(d.work, ".env")) + d.read(d.userFile()) + fmt.Sprint(d.keyring.kept); got != "A=1\nto: http://localhost\nmap[]" {
			t.Errorf("%s: there is %q now", place, got)
		}
		for _, folder := range []string{d.work, filepath.Dir(d.userFile())} {
			if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
				t.Errorf("%s leaves %v in %s, %v", place, left, folder, err)
			}
		}
	}
}

func TestAProfileKeepsASecret(t *testing.T) {
	d := newDesk(t)
	if where, err := d.keep("profile=dev", newSecret); err != nil || where != d.userFile() {
		t.Fatalf("Keep = %q, %v", where, err)
	}
	cfg := d.load(config.LoadOptions{Profile: "dev"})
	found, err := config.ResolveSecret(t.Context(), d.host(), cfg, config.SecretRequest{})
	if err != nil || found.Current.Reveal() != newSecret {
		t.Errorf("the profile has %q, %v", found.Current.Reveal(), err)
	}
	if where, err := d.keep("profile", newSecret+"5"); err != nil || where != d.userFile() {
		t.Fatalf("without a profile: %q, %v", where, err)
	}
	if found, err := d.resolve(config.SecretRequest{}); err != nil || found.Current.Reveal() != newSecret+"5" {
		t.Errorf("the configuration has %q, %v", found.Current.Reveal(), err)
	}
}

func TestTheKeyringKeepsASecretAndTheConfigurationPointsToIt(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "profile: dev\nprofiles:\n  dev:\n    to: http://localhost\n")
	if where, err := d.keep("keyring", newSecret); err != nil || where != "keyring, account dev/secret" {
		t.Fatalf("Keep = %q, %v", where, err)
	}
	if found, err := d.resolve(config.SecretRequest{}); err != nil || found.Current.Reveal() != newSecret || found.Source != "keyring" {
		t.Errorf("%q from %q, %v", found.Current.Reveal(), found.Source, err)
	}
	if strings.Contains(d.read(d.userFile()), "classified") {
		t.Errorf("the file has the secret")
	}
	if _, err := d.keep("profile", newSecret+"5"); err != nil {
		t.Fatal(err)
	}
	if found, err := d.resolve(config.SecretRequest{}); err != nil || found.Current.Reveal() != newSecret+"5" || found.Source != "keyring" {
		t.Errorf("a profile of the keyring has %q from %q, %v", found.Current.Reveal(), found.Source, err)
	}
}

func TestAKeyringThatWouldNotServeIsRefusedBeforeThereIsASecret(t *testing.T) {
	d := newDesk(t)
	d.write(d.userFile(), "secret: whsec_plain\n")
	if err := d.keeper("keyring").Check(t.Context()); !errors.Is(err, config.ErrShadowed) {
		t.Errorf("behind a plain secret Check gives %v", err)
	}
	d = newDesk(t)
	d.keyring.err = io.ErrUnexpectedEOF
	var broken *config.KeyringError
	if err := d.keeper("keyring").Check(t.Context()); !errors.As(err, &broken) {
		t.Errorf("without a keyring Check gives %v", err)
	}
	d.write(d.userFile(), "secret-source: keyring\n")
	if err := d.keeper("profile").Check(t.Context()); !errors.As(err, &broken) {
		t.Errorf("for a profile of the keyring Check gives %v", err)
	}
}

func TestAPlaceIsNamedExactly(t *testing.T) {
	d := newDesk(t)
	for _, place := range []string{"", "keyrng", "profil", "env", "secret.txt", "profile=", "profile=a/b", "dir/"} {
		_, err := config.NewKeeper(d.host(), config.Config{}, d.userFile(), place)
		var unknown *config.PlaceError
		var name *config.ValueError
		if !errors.As(err, &unknown) && !errors.As(err, &name) {
			t.Errorf("%q gives %v", place, err)
		}
	}
	for _, place := range []string{".env", ".env.local", "api/.env", "prod.env", filepath.Join(d.work, ".env")} {
		if _, err := config.NewKeeper(d.host(), config.Config{}, d.userFile(), place); err != nil {
			t.Errorf("%q gives %v", place, err)
		}
	}
}
