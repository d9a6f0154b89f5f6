package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/cloudflared"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/exec"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ngrok"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/ssh"
)

// tunnelFlags say by which way a public URL leads here.
type tunnelFlags struct {
	spec       string
	publicURL  string
	remote     string
	identities []string
	hostKeys   []string
	domain     string
	noProbe    bool
}

func (t *tunnelFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&t.spec, "tunnel", "", "give this listener a public URL by a `WAY`: ssh://[USER@]HOST[:PORT], ngrok, cloudflared or 'exec:COMMAND {port}'")
	flags.StringVar(&t.publicURL, "public-url", "", "the `URL` where the tunnel's server takes requests, if it does not say so itself")
	flags.StringVar(&t.remote, "remote", "", "ask the SSH server to listen at this `[HOST:]PORT`; at sish the host is the subdomain (default what the service wants)")
	flags.StringArrayVar(&t.identities, "identity", nil, "offer the private key in this `FILE` alone (default your agent and ~/.ssh)")
	flags.StringArrayVar(&t.hostKeys, "host-key", nil, "the SSH server must have the key of this `FINGERPRINT`, SHA256:…")
	flags.StringVar(&t.domain, "domain", "", "ask ngrok for this `DOMAIN` of your account")
	flags.BoolVar(&t.noProbe, "no-probe", false, "do not prove by a request of pbhook's own that the public URL leads here")
}

func (t *tunnelFlags) wanted() bool { return t.spec != "" }

const execPrefix = "exec:"

// provider is the one that the flags name.
func (t *tunnelFlags) provider(ctx context.Context, a *app) (tunnel.Provider, error) {
	switch {
	case t.spec == "ngrok":
		token, err := config.ResolveNgrok(ctx, a.host(), a.config)
		if err != nil {
			return nil, err
		}
		return ngrok.Provider{Token: token, Domain: t.domain}, nil
	case t.spec == "cloudflared":
		return cloudflared.Provider{}, nil
	case strings.HasPrefix(t.spec, execPrefix):
		command, err := exec.ParseCommand(strings.TrimPrefix(t.spec, execPrefix), os.Getenv)
		if err != nil {
			return nil, err
		}
		return exec.Provider{Command: command, PublicURL: t.publicURL}, nil
	case strings.HasPrefix(t.spec, "ssh://"):
		return t.ssh(a)
	}
	return nil, &valueError{"--tunnel", t.spec, "is none of ssh://[USER@]HOST[:PORT], ngrok, cloudflared and exec:COMMAND"}
}

func (t *tunnelFlags) ssh(a *app) (tunnel.Provider, error) {
	destination, err := ssh.ParseDestination(t.spec)
	if err != nil {
		return nil, err
	}
	provider := ssh.Provider{
		Destination: destination, PublicURL: t.publicURL, HostKeys: t.hostKeys, Identities: t.identities, Trust: a.trustHost,
		Passphrase: func(ctx context.Context, file string) ([]byte, error) {
			text, err := ui.ReadHidden(ctx, a.env.Stdin, a.view.Err, "Passphrase of "+ui.SanitizeLine(file, 200))
			return []byte(text), err
		},
	}
	if t.remote != "" {
		if provider.Remote, err = ssh.ParseRemote(t.remote); err != nil {
			return nil, err
		}
	}
	provider.AgentSocket, _ = a.env.LookupEnv("SSH_AUTH_SOCK")
	if home, err := os.UserHomeDir(); err == nil {
		provider.KeyFolder = filepath.Join(home, ".ssh")
		provider.KnownHosts = append(provider.KnownHosts, filepath.Join(home, ".ssh", "known_hosts"))
	}
	provider.KnownHosts = append(provider.KnownHosts, "/etc/ssh/ssh_known_hosts")
	if state, err := config.HistoryPath(a.host()); err == nil {
		provider.TrustFile = filepath.Join(filepath.Dir(state), "known_hosts")
	}
	return provider, nil
}

// trustHost asks whether a key that nothing vouches for is the server's; where nobody can be asked it is not.
func (a *app) trustHost(ctx context.Context, key ssh.HostKey) (bool, error) {
	question := fmt.Sprintf("%s shows the key %s (%s), which is not known here. Trust it from now on?",
		ui.SanitizeLine(key.Address, 200), key.Fingerprint, key.Type)
	trusted, err := ui.Confirm(ctx, a.env.Stdin, a.view.Err, question)
	if errors.Is(err, ui.ErrNotTTY) {
		return false, nil
	}
	return trusted, err
}
