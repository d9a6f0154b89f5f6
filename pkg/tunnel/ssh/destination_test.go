package ssh_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

func TestParseDestination(t *testing.T) {
	for text, want := range map[string]ssh.Destination{
		"ssh://nokey@localhost.run":       {User: "nokey", Host: "localhost.run"},
		"ssh://tuns.sh":                   {Host: "tuns.sh"},
		"ssh://ada@Example.COM:2222":      {User: "ada", Host: "example.com", Port: 2222},
		"ssh://ada@[2001:db8::1]:22":      {User: "ada", Host: "2001:db8::1", Port: 22},
		"ssh://ada@[2001:db8::1]":         {User: "ada", Host: "2001:db8::1"},
		"ssh://ada@[fe80::1%25eth0]":      {User: "ada", Host: "fe80::1%eth0"},
		"ssh://ada%40work@ssh.example/":   {User: "ada@work", Host: "ssh.example"},
		"ssh://ada+hooks@a.pinggy.io:443": {User: "ada+hooks", Host: "a.pinggy.io", Port: 443},
	} {
		got, err := ssh.ParseDestination(text)
		if err != nil || got != want {
			t.Errorf("ParseDestination(%q) = %+v, %v, want %+v", text, got, err, want)
		}
		if again, err := ssh.ParseDestination(got.String()); err != nil || again != want {
			t.Errorf("%q reads as %+v, %v, want %+v", got.String(), again, err, want)
		}
	}
}

func TestParseDestinationSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "is not ssh://USER@HOST:PORT",
		"ada@example.com":                "is not ssh://USER@HOST:PORT",
		"https://example.com":            "is not ssh://USER@HOST:PORT",
		"ssh:example.com":                "is not ssh://USER@HOST:PORT",
		"ssh://":                         "has no host",
		"ssh://ada@":                     "has no host",
		"ssh://@example.com":             "has no user before the @",
		"ssh://ada@::":                   "has a host that is no name and no IP address",
		"ssh://ada@exa%20mple.com":       "is not ssh://USER@HOST:PORT",
		"ssh://ada@exa$mple.com":         "has a host that is no name and no IP address",
		"ssh://ada:hunter2@example.com":  "holds a password",
		"ssh://ada@example.com:0":        "has no port from 1 to 65535",
		"ssh://ada@example.com:65536":    "has no port from 1 to 65535",
		"ssh://ada@example.com:http":     "is not ssh://USER@HOST:PORT",
		"ssh://ada@example.com/home":     "goes on after host and port",
		"ssh://ada@example.com?x=1":      "goes on after host and port",
		"ssh://ada@exa\nmple.com":        "is not ssh://USER@HOST:PORT",
		"ssh://ada:hunter2@exa mple.com": "is not ssh://USER@HOST:PORT",
	} {
		_, err := ssh.ParseDestination(text)
		var option *tunnel.OptionError
		if !errors.As(err, &option) || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseDestination(%q) = %v, want an *OptionError that %q", text, err, want)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func TestParseRemote(t *testing.T) {
	for text, want := range map[string]ssh.Remote{
		"80":           {Host: "localhost", Port: 80},
		"0":            {Host: "localhost"},
		"hooks:80":     {Host: "hooks", Port: 80},
		"*:8080":       {Port: 8080},
		":8080":        {Port: 8080},
		"[::1]:9000":   {Host: "::1", Port: 9000},
		"0.0.0.0:9000": {Host: "0.0.0.0", Port: 9000},
	} {
		got, err := ssh.ParseRemote(text)
		if err != nil || got != want {
			t.Errorf("ParseRemote(%q) = %+v, %v, want %+v", text, got, err, want)
		}
		if again, err := ssh.ParseRemote(got.String()); err != nil || again != want {
			t.Errorf("%q reads as %+v, %v, want %+v", got.String(), again, err, want)
		}
	}
	for _, text := range []string{"", "http", "-1", "65536", "a:b:80", "hooks:", "hooks:x"} {
		if got, err := ssh.ParseRemote(text); err == nil {
			t.Errorf("ParseRemote(%q) = %+v, want an error", text, got)
		}
	}
}

func TestOptionsAreCheckedBeforeAnythingIsDialled(t *testing.T) {
	for name, provider := range map[string]ssh.Provider{
		"no user":                   {Destination: ssh.Destination{Host: "ssh.example"}},
		"no host":                   {Destination: ssh.Destination{User: "ada"}},
		"MD5 of a host key":         {HostKeys: []string{"MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48"}},
		"half of a host key":        {HostKeys: []string{"SHA256:AAAA"}},
		"a public URL without host": {PublicURL: "https:///hook"},
		"a public URL by file":      {PublicURL: "file:///hook"},
	} {
		if provider.Destination == (ssh.Destination{}) {
			provider.Destination = ssh.Destination{User: "ada", Host: "ssh.example"}
		}
		_, err := provider.Open(t.Context(), tunnel.Options{})
		var option *tunnel.OptionError
		if !errors.As(err, &option) {
			t.Errorf("%s: Open() = %v, want an *OptionError", name, err)
		}
	}
}
