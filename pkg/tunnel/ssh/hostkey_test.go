package ssh_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skeema/knownhosts"
	gossh "golang.org/x/crypto/ssh"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

func write(t testing.TB, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// try opens a tunnel and closes it, and returns the error.
func try(t testing.TB, provider ssh.Provider) error {
	t.Helper()
	session, err := provider.Open(t.Context(), tunnel.Options{})
	if err == nil {
		session.Close()
	}
	return err
}

func TestAHostNobodyVouchesForIsRefused(t *testing.T) {
	s := sish(t)
	provider := s.provider()
	provider.HostKeys = nil
	provider.KnownHosts = []string{inTemp(t, "missing")}
	err := try(t, provider)
	var unknown *ssh.UnknownHostError
	if !errors.As(err, &unknown) {
		t.Fatalf("Open() = %v, want an *UnknownHostError", err)
	}
	if want := (ssh.HostKey{Address: "tuns.example:22", Type: "ssh-ed25519", Fingerprint: s.fingerprint()}); unknown.Key != want {
		t.Errorf("the error is about %+v, want %+v", unknown.Key, want)
	}
	if listens, _ := s.seen(); listens != nil {
		t.Error("the server was asked to listen all the same")
	}
}

func TestAHostThatTheUserTrustsIsRemembered(t *testing.T) {
	s := sish(t)
	asked := 0
	provider := s.provider()
	provider.HostKeys = nil
	provider.TrustFile = filepath.Join(inTemp(t, "state"), "known_hosts")
	provider.Trust = func(_ context.Context, key ssh.HostKey) (bool, error) {
		if asked++; key.Fingerprint != s.fingerprint() {
			t.Errorf("asked about %+v", key)
		}
		return true, nil
	}
	for range 2 {
		if err := try(t, provider); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
	info, err := os.Stat(provider.TrustFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v, want mode 0600", info.Mode(), err)
	}
	text, _ := os.ReadFile(provider.TrustFile)
	if want := "tuns.example ssh-ed25519 "; !strings.HasPrefix(string(text), want) || strings.Count(string(text), "\n") != 1 {
		t.Errorf("the file holds %q, want one line that begins with %q", text, want)
	}
}

func TestAHostThatTheUserDoesNotTrustIsRefused(t *testing.T) {
	s := sish(t)
	provider := s.provider()
	provider.HostKeys = nil
	provider.TrustFile = inTemp(t, "known_hosts")
	provider.Trust = func(context.Context, ssh.HostKey) (bool, error) { return false, nil }
	var unknown *ssh.UnknownHostError
	if err := try(t, provider); !errors.As(err, &unknown) {
		t.Errorf("Open() = %v, want an *UnknownHostError", err)
	}
	errAway := errors.New("nobody there")
	provider.Trust = func(context.Context, ssh.HostKey) (bool, error) { return true, errAway }
	if err := try(t, provider); !errors.Is(err, errAway) {
		t.Errorf("Open() = %v, want the error of asking", err)
	}
	if _, err := os.Stat(provider.TrustFile); err == nil {
		t.Error("the key was remembered all the same")
	}
}

func TestATrustFileThatIsALinkIsLeftAlone(t *testing.T) {
	s := sish(t)
	target := write(t, inTemp(t, "elsewhere"), "")
	provider := s.provider()
	provider.HostKeys = nil
	provider.TrustFile = inTemp(t, "known_hosts")
	if err := os.Symlink(target, provider.TrustFile); err != nil {
		t.Fatal(err)
	}
	provider.Trust = func(context.Context, ssh.HostKey) (bool, error) { return true, nil }
	if err := try(t, provider); err == nil {
		t.Error("Open() wrote through a link")
	}
	if text, _ := os.ReadFile(target); len(text) > 0 {
		t.Errorf("the target of the link holds %q", text)
	}
}

func TestAKnownHostNeedsNoQuestion(t *testing.T) {
	s := sish(t)
	line := knownhosts.Line([]string{"tuns.example"}, s.key.PublicKey())
	hashed := knownhosts.Line([]string{"other.example"}, newKey(t).PublicKey()) + "\n" + line
	provider := s.provider()
	provider.HostKeys = nil
	provider.KnownHosts = []string{write(t, inTemp(t, "known_hosts"), hashed+"\n")}
	if err := try(t, provider); err != nil {
		t.Error(err)
	}
}

func TestAHostWithSeveralKeysIsKnownByAnyOfThem(t *testing.T) {
	s := sish(t)
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	second, err := gossh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	s.config.AddHostKey(second)
	for _, key := range []gossh.PublicKey{s.key.PublicKey(), second.PublicKey()} {
		provider := s.provider()
		provider.HostKeys = nil
		provider.KnownHosts = []string{write(t, inTemp(t, "known_hosts"), knownhosts.Line([]string{"tuns.example"}, key)+"\n")}
		if err := try(t, provider); err != nil {
			t.Errorf("known by its %s: %v", key.Type(), err)
		}
	}
}

func TestAChangedHostKeyIsRefusedWhateverElseIsSaid(t *testing.T) {
	s := sish(t)
	known := knownhosts.Line([]string{"tuns.example"}, newKey(t).PublicKey())
	file := write(t, inTemp(t, "known_hosts"), "# a comment\n"+known+"\n")
	for name, change := range map[string]func(*ssh.Provider){
		"with someone to ask": func(p *ssh.Provider) {
			p.KnownHosts = []string{file}
			p.Trust = func(context.Context, ssh.HostKey) (bool, error) {
				t.Error("asked about a key that has changed")
				return true, nil
			}
		},
		"with the new fingerprint": func(p *ssh.Provider) {
			p.KnownHosts = []string{file}
			p.HostKeys = []string{s.fingerprint()}
		},
		"in pbhook's own file": func(p *ssh.Provider) { p.TrustFile = file },
	} {
		t.Run(name, func(t *testing.T) {
			provider := s.provider()
			provider.HostKeys = nil
			change(&provider)
			err := try(t, provider)
			var changed *ssh.HostKeyError
			if !errors.As(err, &changed) || changed.Revoked || len(changed.Known) != 1 || changed.Known[0] != file+":2" {
				t.Errorf("Open() = %v, want a *HostKeyError that names %s:2", err, file)
			}
		})
	}
}

func TestARevokedHostKeyIsRefused(t *testing.T) {
	s := sish(t)
	line := knownhosts.Line([]string{"tuns.example"}, s.key.PublicKey())
	provider := s.provider()
	provider.KnownHosts = []string{write(t, inTemp(t, "known_hosts"), line+"\n@revoked "+line+"\n")}
	err := try(t, provider)
	var revoked *ssh.HostKeyError
	if !errors.As(err, &revoked) || !revoked.Revoked {
		t.Errorf("Open() = %v, want a *HostKeyError for a revoked key", err)
	}
}

func TestAnotherFingerprintThanTheGivenOneIsRefused(t *testing.T) {
	s := sish(t)
	provider := s.provider()
	provider.HostKeys = []string{gossh.FingerprintSHA256(newKey(t).PublicKey())}
	provider.Trust = func(context.Context, ssh.HostKey) (bool, error) {
		t.Error("asked although a fingerprint was given")
		return true, nil
	}
	var other *ssh.HostKeyError
	err := try(t, provider)
	want := "the host key of tuns.example:22 is ssh-ed25519 " + s.fingerprint() + ", and not " + provider.HostKeys[0]
	if !errors.As(err, &other) || err.Error() != want {
		t.Errorf("Open() = %v, want a *HostKeyError: %s", err, want)
	}
}

func TestKnownHostsThatCannotBeReadAreNoReasonToTrust(t *testing.T) {
	s := sish(t)
	provider := s.provider()
	provider.KnownHosts = []string{write(t, inTemp(t, "known_hosts"), "tuns.example ssh-ed25519 not-base64\n")}
	if err := try(t, provider); err == nil || !strings.Contains(err.Error(), provider.KnownHosts[0]) {
		t.Errorf("Open() = %v, want an error that names the file", err)
	}
}
