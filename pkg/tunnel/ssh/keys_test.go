package ssh_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

// pair is a key as ssh-keygen leaves it.
type pair struct {
	public  gossh.PublicKey
	private ed25519.PrivateKey
}

func newPair(t testing.TB) pair {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := gossh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return pair{key, private}
}

// file writes the key, locked if there is a passphrase.
func (p pair) file(t testing.TB, name, passphrase string) string {
	t.Helper()
	block, err := gossh.MarshalPrivateKey(p.private, "")
	if passphrase != "" {
		block, err = gossh.MarshalPrivateKeyWithPassphrase(p.private, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	return write(t, name, string(pem.EncodeToMemory(block)))
}

// serveAgent is an agent that holds the keys, on a socket.
func serveAgent(t testing.TB, pairs ...pair) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "agent") // socket paths have to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	keyring := agent.NewKeyring()
	for _, p := range pairs {
		if err := keyring.Add(agent.AddedKey{PrivateKey: p.private}); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("unix", folder+"/a")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				agent.ServeAgent(keyring, conn)
			}()
		}
	}()
	return folder + "/a"
}

// guarded is a server that lets in who has the key, and lists which keys it was offered.
func guarded(t testing.TB, key gossh.PublicKey) (s *server, offered func() []string) {
	s = sish(t)
	var keys []string
	s.config = &gossh.ServerConfig{
		MaxAuthTries: 6,
		PublicKeyCallback: func(_ gossh.ConnMetadata, shown gossh.PublicKey) (*gossh.Permissions, error) {
			if text := gossh.FingerprintSHA256(shown); !slices.Contains(keys, text) {
				keys = append(keys, text)
			}
			if !bytes.Equal(shown.Marshal(), key.Marshal()) {
				return nil, errors.New("no")
			}
			return nil, nil
		},
	}
	return s, func() []string { return keys }
}

func TestAKeyOpensTheDoor(t *testing.T) {
	right, wrong := newPair(t), newPair(t)
	folder := t.TempDir()
	right.file(t, folder+"/id_ed25519", "")
	for name, test := range map[string]struct {
		change  func(*ssh.Provider)
		offered []pair
	}{
		"from the folder": {func(p *ssh.Provider) { p.KeyFolder = folder }, []pair{right}},
		"from the agent": {
			func(p *ssh.Provider) { p.AgentSocket = serveAgent(t, wrong, right) }, []pair{wrong, right},
		},
		"from a file, with the others left alone": {func(p *ssh.Provider) {
			p.Identities = []string{right.file(t, inTemp(t, "key"), "")}
			p.AgentSocket, p.KeyFolder = serveAgent(t, wrong), folder
		}, []pair{right}},
		"from the folder, although the agent is gone": {func(p *ssh.Provider) {
			p.AgentSocket, p.KeyFolder = inTemp(t, "agent"), folder
		}, []pair{right}},
		"from a locked file by way of the agent": {func(p *ssh.Provider) {
			p.Identities = []string{right.file(t, inTemp(t, "key"), "secret")}
			p.AgentSocket = serveAgent(t, wrong, right)
			p.Passphrase = func(context.Context, string) ([]byte, error) {
				t.Error("asked for a passphrase although the agent holds the key")
				return nil, errors.New("no")
			}
		}, []pair{right}},
	} {
		t.Run(name, func(t *testing.T) {
			s, offered := guarded(t, right.public)
			provider := s.provider()
			test.change(&provider)
			if err := try(t, provider); err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, p := range test.offered {
				want = append(want, gossh.FingerprintSHA256(p.public))
			}
			if !slices.Equal(offered(), want) {
				t.Errorf("offered %v, want %v", offered(), want)
			}
		})
	}
}

func TestALockedKeyIsUnlockedOnceTheServerWouldTakeIt(t *testing.T) {
	// OpenSSH offers to ask at the keyboard too, and refuses that; the key has to be remembered beyond it.
	askInVain := func(_ gossh.ConnMetadata, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
		if _, err := ask("", "", []string{"Password: "}, []bool{false}); err != nil {
			return nil, err
		}
		return nil, errors.New("no")
	}
	for name, atKeyboard := range map[string]func(gossh.ConnMetadata, gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error){
		"a server that takes keys alone": nil, "a server that also asks at the keyboard": askInVain,
	} {
		t.Run(name, func(t *testing.T) {
			right, wrong := newPair(t), newPair(t)
			rightFile, wrongFile := right.file(t, inTemp(t, "right"), "correct horse"), wrong.file(t, inTemp(t, "wrong"), "other")
			s, _ := guarded(t, right.public)
			s.config.KeyboardInteractiveCallback = atKeyboard
			var asked []string
			provider := s.provider()
			provider.Identities = []string{wrongFile, rightFile}
			provider.Passphrase = func(_ context.Context, file string) ([]byte, error) {
				if asked = append(asked, file); len(asked) == 1 {
					return []byte("a slip"), nil
				}
				return []byte("correct horse"), nil
			}
			if err := try(t, provider); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(asked, []string{rightFile, rightFile}) {
				t.Errorf("asked for %v, want twice for %s", asked, rightFile)
			}
		})
	}
}

func TestALockedKeyThatStaysLockedIsAnError(t *testing.T) {
	right := newPair(t)
	file := right.file(t, inTemp(t, "key"), "correct horse")
	errAway := errors.New("nobody there")
	for name, test := range map[string]struct {
		passphrase func(context.Context, string) ([]byte, error)
		asked      int
		cause      error
	}{
		"with nobody to ask":  {},
		"with wrong answers":  {func(context.Context, string) ([]byte, error) { return []byte("a slip"), nil }, 3, nil},
		"when asking went on": {func(context.Context, string) ([]byte, error) { return nil, errAway }, 1, errAway},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := guarded(t, right.public)
			asked := 0
			provider := s.provider()
			provider.Identities = []string{file}
			if test.passphrase != nil {
				provider.Passphrase = func(ctx context.Context, file string) ([]byte, error) {
					asked++
					return test.passphrase(ctx, file)
				}
			}
			err := try(t, provider)
			var locked *ssh.LockedKeyError
			if !errors.As(err, &locked) || locked.File != file || asked != test.asked {
				t.Errorf("Open() = %v after %d questions, want a *LockedKeyError after %d", err, asked, test.asked)
			}
			if test.cause != nil && !errors.Is(err, test.cause) {
				t.Errorf("Open() = %v, want the error of asking", err)
			}
			if strings.Contains(fmt.Sprint(err), "a slip") {
				t.Errorf("the error shows the passphrase: %v", err)
			}
		})
	}
}

func TestAServerThatTakesNoKeyOfOursSaysSo(t *testing.T) {
	right, wrong := newPair(t), newPair(t)
	s, _ := guarded(t, right.public)
	provider := s.provider()
	err := try(t, provider)
	var refused *ssh.AuthError
	if !errors.As(err, &refused) || len(refused.Offered) != 0 || !slices.Contains(refused.Allowed, "publickey") {
		t.Errorf("Open() = %v, want an *AuthError without offers", err)
	}
	file := wrong.file(t, inTemp(t, "key"), "")
	provider.Identities = []string{file}
	provider.AgentSocket, provider.KeyFolder = serveAgent(t, right), t.TempDir()
	right.file(t, filepath.Join(provider.KeyFolder, "id_ed25519"), "")
	err = try(t, provider) // although the keys that nobody named would do
	if want := "tuns.example:22 does not let ada in: it refused " + file; err == nil || err.Error() != want {
		t.Errorf("Open() = %v, want %q", err, want)
	}
}

func TestAFileThatWasNamedHasToHoldAKey(t *testing.T) {
	s := sish(t)
	provider := s.provider()
	provider.Identities = []string{inTemp(t, "missing")}
	if err := try(t, provider); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open() = %v, want os.ErrNotExist", err)
	}
	provider.Identities = []string{write(t, inTemp(t, "text"), "no key\n")}
	if err := try(t, provider); err == nil || !strings.Contains(err.Error(), provider.Identities[0]) {
		t.Errorf("Open() = %v, want an error that names the file", err)
	}
}

func TestAServerThatGreetsAtTheKeyboardLetsIn(t *testing.T) {
	s := sish(t)
	s.config = &gossh.ServerConfig{
		KeyboardInteractiveCallback: func(_ gossh.ConnMetadata, ask gossh.KeyboardInteractiveChallenge) (*gossh.Permissions, error) {
			_, err := ask("welcome", "", nil, nil)
			return nil, err
		},
	}
	if err := try(t, s.provider()); err != nil {
		t.Error(err)
	}
}
