package ssh

import (
	"cmp"
	"context"
	"net"
	"net/url"
	"strconv"
	"strings"

	gossh "golang.org/x/crypto/ssh"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// Provider opens tunnels through one SSH server.
type Provider struct {
	Destination Destination
	// Remote is where the server is asked to listen; zero is what the service at the destination wants, or localhost:80.
	Remote Remote
	// PublicURL is where the server takes requests, when it doesn't say so itself. "{port}" in it stands for the port that
	// the server listens on.
	PublicURL string

	// HostKeys are fingerprints ("SHA256:…") of the key that the server must have. They vouch for it like a line in a known
	// hosts file.
	HostKeys []string
	// KnownHosts are files of known host keys, in OpenSSH's format. Those that don't exist are passed over.
	KnownHosts []string
	// TrustFile is one more such file, to which a key is added when Trust accepts it. Empty remembers nothing.
	TrustFile string
	// Trust is asked about a key that nothing vouches for; nil refuses it.
	Trust func(ctx context.Context, key HostKey) (bool, error)

	// Identities are files of private keys that alone are offered.
	Identities []string
	// KeyFolder is where keys with the names that ssh-keygen gives are looked for without Identities; empty looks nowhere.
	KeyFolder string
	// AgentSocket is the path of the agent's Unix socket; empty asks none.
	AgentSocket string
	// Passphrase is asked for that of a key once a server would take the key; nil leaves it locked.
	Passphrase func(ctx context.Context, file string) ([]byte, error)

	// Dial connects to the server; nil is net.Dialer's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Name is "ssh".
func (p Provider) Name() string { return "ssh" }

// Caps tells that the URL is stable if it was given.
func (p Provider) Caps() tunnel.Caps { return tunnel.Caps{StableURL: p.PublicURL != ""} }

// Open connects, has the server listen, and finds out the URL. It returns a [*tunnel.OptionError], [*ConnectError],
// [*UnknownHostError], [*HostKeyError], [*AuthError], [*LockedKeyError], [*ForwardError] or [*NoURLError].
func (p Provider) Open(ctx context.Context, o tunnel.Options) (tunnel.Session, error) {
	c, err := p.connector()
	if err != nil {
		return nil, err
	}
	c.queue = tunnel.NewQueue(address(c.remote.String()), maxConns)
	return tunnel.NewSession(ctx, c.queue, c.connect, o)
}

// connector checks the options and fills in what the service wants.
func (p Provider) connector() (*connector, error) {
	service := serviceAt(p.Destination.Host)
	c := &connector{
		destination: p.Destination,
		service:     service,
		remote:      p.Remote,
		publicURL:   p.PublicURL,
		trust:       p.Trust,
		hosts:       hostKeys{files: p.KnownHosts, own: p.TrustFile, pins: p.HostKeys},
		keys: keys{
			files: p.Identities, folder: p.KeyFolder, agent: p.AgentSocket, passphrase: p.Passphrase,
			unlocked: map[string]gossh.Signer{},
		},
		dial: p.Dial,
	}
	c.destination.User = cmp.Or(c.destination.User, service.user)
	c.destination.Port = cmp.Or(c.destination.Port, service.port)
	if c.remote == (Remote{}) {
		c.remote = service.remote
	}
	if c.dial == nil {
		c.dial = new(net.Dialer).DialContext
	}
	for _, pin := range p.HostKeys {
		if err := checkFingerprint(pin); err != nil {
			return nil, err
		}
	}
	if c.destination.User == "" || c.destination.Host == "" {
		return nil, &tunnel.OptionError{Option: "SSH destination", Value: p.Destination.String(), Reason: "has no user, as in ssh://USER@HOST"}
	}
	return c, checkPublicURL(p.PublicURL)
}

const portPlaceholder = "{port}"

func checkPublicURL(text string) error {
	if text == "" {
		return nil
	}
	public, err := url.Parse(strings.ReplaceAll(text, portPlaceholder, "80"))
	if err != nil || public.Scheme != "https" && public.Scheme != "http" || public.Hostname() == "" || public.User != nil {
		return &tunnel.OptionError{Option: "public URL", Value: text, Reason: "is not https://HOST"}
	}
	return nil
}

func atPort(public string, port int) string {
	return strings.ReplaceAll(public, portPlaceholder, strconv.Itoa(port))
}

// address is a net.Addr in words: names and ports that no IP address can hold.
type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }
