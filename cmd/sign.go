package cmd

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// signOptions are the flags of sign.
type signOptions struct {
	secrets secretFlags
	at      string
}

func (o *signOptions) add(flags *pflag.FlagSet) {
	flags.StringVar(&o.at, "at", "", "sign as of this `TIME`: 10m (ago), RFC 3339 or unix seconds (default now)")
}

func newSignCommand(a *app) *cobra.Command {
	var opts signOptions
	c := &cobra.Command{
		Use:     "sign [FILE]",
		GroupID: groupCheck,
		Short:   "Print the signature header of any body",
		Long: `Print the value of X-Webhook-Signature for a body, so that scripts in any language can send signed requests.

The body is read byte for byte from FILE, or from stdin. With --previous-secret the header carries two v1.`,
		Example: `  pbhook sign event.json
  curl -H "X-Webhook-Signature: $(pbhook sign event.json)" --data-binary @event.json http://localhost:3000/webhooks/pocketbook
  printf '%s' "$body" | pbhook sign --at 2026-01-15T10:30:00Z`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef(c, "one body is signed at a time")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			file := "-"
			if len(args) == 1 {
				file = args[0]
			}
			if file == "-" && opts.secrets.file == "-" {
				return stdinTwice(c, "FILE", "--secret-file")
			}
			return runSign(c.Context(), a, c, opts, file)
		},
	}
	inGroup(c.Flags(), "Signing", func(flags *pflag.FlagSet) {
		opts.secrets.add(flags)
		opts.add(flags)
	})
	return c
}

func runSign(ctx context.Context, a *app, c *cobra.Command, opts signOptions, file string) error {
	at := a.env.Now()
	if opts.at != "" {
		var err error
		if at, err = parseMoment("--at", opts.at, at); err != nil {
			return err
		}
	}
	secrets, err := opts.secrets.resolve(ctx, a, true)
	if err != nil {
		return err
	}
	body, err := readInput(file, a.stdin)
	if err != nil {
		return err
	}
	if file == "-" && len(body) == 0 {
		return usagef(c, "stdin is empty: there is no body to sign")
	}
	more := []signature.Secret{secrets.Previous}
	if secrets.Previous.IsZero() {
		more = nil
	}
	header, err := signature.Sign(body, at, secrets.Current, more...)
	if err != nil {
		return err
	}
	return a.view.Signature(header)
}
