package cmd

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

func newCaptureCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "capture",
		GroupID: groupCheck,
		Short:   "Turn captured requests from one format into another",
		Example: `  pbhook capture convert browser.har --to ndjson`,
		Args:    noVerb,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newConvertCommand(a))
	return c
}

// convertOptions are the flags of capture convert.
type convertOptions struct {
	input  captureFlags
	to     string
	redact bool
}

func (o *convertOptions) add(flags *pflag.FlagSet) {
	flags.StringVar(&o.to, "to", "ndjson", "write `FORMAT`: har, curl, http or ndjson")
	flags.BoolVar(&o.redact, "redact", false, "take out secrets, tokens, e-mail addresses and names; signatures no longer verify then")
}

func newConvertCommand(a *app) *cobra.Command {
	var opts convertOptions
	c := &cobra.Command{
		Use:   "convert [FILE...]",
		Short: "Write captured requests in another format, byte for byte",
		Example: `  pbhook capture convert browser.har --to ndjson
  pbhook capture convert request.http --to curl
  pbhook capture convert captured.ndjson --to har --redact`,
		RunE: func(c *cobra.Command, args []string) error { return runConvert(c.Context(), a, c, opts, args) },
	}
	inGroup(c.Flags(), "Input", opts.input.add)
	inGroup(c.Flags(), "Output", opts.add)
	return c
}

// runConvert writes what can be written; what cannot be read is reported and decides the exit code.
func runConvert(ctx context.Context, a *app, c *cobra.Command, opts convertOptions, args []string) (err error) {
	if !slices.Contains(capture.Formats(), capture.Format(opts.to)) {
		return &valueError{"--to", opts.to, "is not one of " + formatNames()}
	}
	inputs, err := opts.input.open(a, c, args)
	if err != nil {
		return err
	}
	writer, err := capture.NewWriter(a.view.Exact(), capture.WriterOptions{Format: capture.Format(opts.to), Version: a.version.Number})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	unread := unreadable{view: a.view}
	var removed capture.Redacted
	for one := range inputs.requests() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if one.err != nil {
			unread.add(one.err)
			continue
		}
		request := one.request
		if opts.redact {
			var taken capture.Redacted
			request, taken = capture.Redact(request)
			removed = removed.Plus(taken)
		}
		if err := writer.Write(request); err != nil {
			return err
		}
	}
	if opts.redact {
		a.view.Redacted(removed)
	}
	return unread.err()
}
