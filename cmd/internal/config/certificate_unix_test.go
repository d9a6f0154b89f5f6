//go:build unix

package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

func TestACertificateIsMadeOnceKeptToOneselfAndRenewed(t *testing.T) {
	state := t.TempDir()
	host := config.Host{GOOS: "linux", LookupEnv: func(name string) (string, bool) { return state, name == "XDG_STATE_HOME" }}
	made := 0
	renew := func() ([]byte, []byte, error) { made++; return []byte{byte('0' + made)}, []byte("key"), nil }
	get := func(usable bool) config.Certificate {
		t.Helper()
		got, err := config.LocalCertificate(host, func(c config.Certificate) bool { return usable && string(c.Key) == "key" }, renew)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := get(true)
	if again := get(true); string(again.Certificate) != "1" || again.Path != first.Path || made != 1 {
		t.Errorf("made %d times, %+v", made, again)
	}
	if renewed := get(false); string(renewed.Certificate) != "2" {
		t.Errorf("an old one is used: %+v", renewed)
	}
	if kept := get(true); string(kept.Certificate) != "2" {
		t.Errorf("the new one is not kept: %+v", kept)
	}
	for _, name := range []string{"localhost.pem", "localhost-key.pem"} {
		info, err := os.Stat(filepath.Join(state, "pbhook", name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestAKeyIsNotWrittenThroughALink(t *testing.T) {
	state := t.TempDir()
	host := config.Host{GOOS: "linux", LookupEnv: func(name string) (string, bool) { return state, name == "XDG_STATE_HOME" }}
	if err := os.Mkdir(filepath.Join(state, "pbhook"), 0o700); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(state, "elsewhere")
	if err := os.Symlink(elsewhere, filepath.Join(state, "pbhook", "localhost-key.pem")); err != nil {
		t.Fatal(err)
	}
	_, err := config.LocalCertificate(host, func(config.Certificate) bool { return false },
		func() ([]byte, []byte, error) { return []byte("c"), []byte("k"), nil })
	var failed *config.FileError
	if _, found := os.Stat(elsewhere); !errors.As(err, &failed) || !errors.Is(found, os.ErrNotExist) {
		t.Errorf("err %v, the file behind the link: %v", err, found)
	}
}
