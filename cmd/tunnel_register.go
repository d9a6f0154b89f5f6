package cmd

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
)

// tunnelRegisterFlags register the public URL of a tunnel at Pocketbook.
type tunnelRegisterFlags struct {
	events       []string
	registration registrationFlags
	api          apiFlags
}

func (t *tunnelRegisterFlags) add(flags *pflag.FlagSet) {
	flags.StringSliceVar(&t.events, "register", nil, "register the tunnel's URL at Pocketbook for these `TYPES`: certificate.created, 'voucher.*', all")
	t.registration.add(flags)
	t.api.add(flags)
}

func (t *tunnelRegisterFlags) wanted() bool { return len(t.events) > 0 }

// check finds out about types that there are not before anything is opened.
func (t *tunnelRegisterFlags) check(a *app) error {
	if !t.wanted() {
		return nil
	}
	_, err := a.documentedTypes(t.events)
	return err
}

// register sees to it that the URL is registered, and gives the secrets that its deliveries are verified with: the one that
// came back, or those that are known where the URL had been registered before.
func (t *tunnelRegisterFlags) register(ctx context.Context, a *app, url string, known config.Secrets) (config.Secrets, error) {
	events, err := a.documentedTypes(t.events)
	if err != nil {
		return config.Secrets{}, err
	}
	made, err := t.registration.register(ctx, a, t.api, t.registration.wanted(url, events))
	if err := showRegistration(a, made, err); err != nil {
		return config.Secrets{}, err
	}
	if made.known {
		return known, nil
	}
	return config.Secrets{Current: made.secret, Source: "Pocketbook's API"}, nil
}
