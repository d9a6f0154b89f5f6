package cmd

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// freeTunnel needs no account and no program.
const freeTunnel = "ssh://nokey@localhost.run"

func newTunnelCommand(a *app) *cobra.Command {
	var opts listenOptions
	c := &cobra.Command{
		Use:     "tunnel PORT|URL",
		GroupID: groupShare,
		Short:   "Give a server on this machine a public URL for webhooks",
		Long: `Give a server on this machine a public URL for webhooks.

What arrives at the URL is checked, shown, kept and handed on to the server, whose answer goes back: it is pbhook listen without a
port of its own. PORT stands for http://localhost:PORT` + publicPath + `. Only POST requests to the path pass, in bounds of size and
number. The tunnel goes by way of localhost.run unless --tunnel says otherwise.`,
		Example: `  pbhook tunnel 3000
  pbhook tunnel http://localhost:8080/hooks --tunnel cloudflared
  pbhook tunnel 3000 --register all --save .env
  pbhook tunnel 3000 --tunnel ssh://me@example.com --public-url https://hooks.example.com --require-valid`,
		Args: oneArgument("name the port or the URL of your server, such as 3000"),
		RunE: func(c *cobra.Command, args []string) error {
			target, err := serverURL(args[0])
			if err != nil {
				return err
			}
			opts.forward.to = append([]string{target}, opts.forward.to...)
			if !opts.tunnel.wanted() {
				opts.tunnel.spec = freeTunnel
			}
			if err := opts.check(c); err != nil {
				return err
			}
			return runListen(c.Context(), a, opts, "")
		},
	}
	inGroup(c.Flags(), "Tunnel", opts.tunnel.add)
	inGroup(c.Flags(), "Tunnel", opts.server.addBounds)
	inGroup(c.Flags(), "Register", opts.register.add)
	opts.addRest(c.Flags())
	return c
}

// serverURL is the URL that a port stands for, or the one that was given.
func serverURL(text string) (string, error) {
	if at, err := url.Parse(text); err == nil && at.Host != "" {
		return text, nil
	}
	port, err := strconv.ParseUint(strings.TrimPrefix(text, ":"), 10, 16)
	if err != nil || port == 0 {
		return "", &valueError{"PORT", text, "is neither a port nor a URL"}
	}
	return "http://localhost:" + strconv.FormatUint(port, 10) + publicPath, nil
}
