//go:build unix

package config_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

// It changes the mask of the process, so it runs beside no other test.
func TestFilesAreForTheUserAloneUnderAnyUmask(t *testing.T) {
	before := syscall.Umask(0)
	defer syscall.Umask(before)
	d := newDesk(t)
	mode := func(path string) os.FileMode {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if _, err := d.set("", "secret", "whsec_a"); err != nil {
		t.Fatal(err)
	}
	if got := mode(d.userFile()); got != 0o600 {
		t.Errorf("a new file has mode %o", got)
	}
	if got := mode(filepath.Dir(d.userFile())); got != 0o700 {
		t.Errorf("a new folder has mode %o", got)
	}
	if err := os.Chmod(d.userFile(), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := d.set("", "secret", "whsec_b"); err != nil {
		t.Fatal(err)
	}
	if got := mode(d.userFile()); got != 0o600 {
		t.Errorf("a file that others could read still has mode %o", got)
	}
	dotenv := filepath.Join(d.work, ".env")
	d.write(dotenv, "A=1\n")
	if err := os.Chmod(dotenv, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := d.keep(".env", newSecret); err != nil {
		t.Fatal(err)
	}
	if got := mode(dotenv); got != 0o600 {
		t.Errorf(".env has mode %o", got)
	}
	if err := config.RememberRegistration(d.host(), wanted()); err != nil {
		t.Fatal(err)
	}
	if got := mode(d.registrationsFile()); got != 0o600 {
		t.Errorf("the list of registrations has mode %o", got)
	}
}
