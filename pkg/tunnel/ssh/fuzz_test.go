package ssh_test

import (
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

// What was read is written so that it reads as the same.
func FuzzParseDestination(f *testing.F) {
	for _, seed := range []string{"ssh://nokey@localhost.run", "ssh://a%40b@[::1]:22", "ssh://a:b@c", "ssh://x", "ssh://[fe80::1%25eth0]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ssh.ParseDestination(text)
		if err != nil {
			return
		}
		if again, err := ssh.ParseDestination(got.String()); err != nil || again != got {
			t.Errorf("%q is %+v, which is written %q and reads as %+v, %v", text, got, got.String(), again, err)
		}
	})
}

// What was read is written so that it reads as the same.
func FuzzParseRemote(f *testing.F) {
	for _, seed := range []string{"80", "*:80", ":0", "hooks:80", "[::1]:9000", "a:b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ssh.ParseRemote(text)
		if err != nil {
			return
		}
		if again, err := ssh.ParseRemote(got.String()); err != nil || again != got {
			t.Errorf("%q is %+v, which is written %q and reads as %+v, %v", text, got, got.String(), again, err)
		}
	})
}
