package cmd

import (
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
)

// dryRunFlags ask to see what would be sent.
type dryRunFlags struct {
	on     bool
	format string
}

func (d *dryRunFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&d.on, "dry-run", false, "send nothing; print what would be sent, signed as of now")
	flags.StringVar(&d.format, "print", "http", "`FORMAT` of a dry run: curl, http, json or header")
}

// runDryRun prints each event once, in the form asked for.
func runDryRun(a *app, opts sendOptions, client *delivery.Client, source *payloadSource) error {
	format, err := view.ParseRequestFormat(opts.dry.format)
	if err != nil {
		return err
	}
	first := true
	for planned, err := range source.events {
		if err != nil {
			return err
		}
		request, err := client.Request(message(planned.Payload), a.env.Now())
		if err != nil {
			return err
		}
		if err := a.view.Request(request, format, first); err != nil {
			return err
		}
		first = false
	}
	return nil
}
