package cmd

import (
	"time"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// verdictFlags say what signatures are held to.
type verdictFlags struct {
	secrets   secretFlags
	tolerance time.Duration
	print     bool
}

func (v *verdictFlags) add(flags *pflag.FlagSet) {
	v.secrets.add(flags)
	flags.DurationVar(&v.tolerance, "tolerance", signature.DefaultTolerance, "accept a signature up to this `DURATION` old or ahead")
	flags.BoolVar(&v.print, "print-secret", false, "print the signing secret, for a script, and exit")
	isSetting(flags, "tolerance")
}

func (v *verdictFlags) receiver(a *app, secrets config.Secrets, schemas *event.Schemas, in *intake) (receiver.Options, error) {
	options := receiver.Options{Schemas: schemas, Now: a.env.Now, Handle: in.handle}
	if secrets.Current.IsZero() {
		return options, nil
	}
	tolerance := v.tolerance
	if a.config.Tolerance > 0 {
		tolerance = a.config.Tolerance
	}
	var err error
	options.Verifier, err = signature.NewVerifier(signature.Options{
		Secret: secrets.Current, Previous: secrets.Previous, Tolerance: tolerance,
	})
	return options, err
}
