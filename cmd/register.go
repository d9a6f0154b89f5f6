package cmd

import (
	"context"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

// registerOptions are the flags of register.
type registerOptions struct {
	url          string
	events       []string
	dryRun       bool
	registration registrationFlags
	api          apiFlags
}

func (o *registerOptions) add(flags *pflag.FlagSet) {
	flags.StringVar(&o.url, "url", "", "`URL` of your endpoint, with https://")
	flags.StringSliceVarP(&o.events, "events", "e", nil, "`TYPES` to be delivered: certificate.created, 'voucher.*', all")
	flags.BoolVar(&o.dryRun, "dry-run", false, "send nothing; print the request without the token")
}

func newRegisterCommand(a *app) *cobra.Command {
	var opts registerOptions
	c := &cobra.Command{
		Use:     "register",
		GroupID: groupShare,
		Short:   "Register a webhook at Pocketbook and keep its secret",
		Long: "Register a webhook at Pocketbook's enterprise API, and keep the signing secret that comes back.\n\n" +
			"The secret is shown once, or goes where --save says and is not shown. What was registered from here is remembered: the same " +
			"URL with the same events is not registered twice.",
		Example: `  pbhook register --url https://example.com/webhooks/pocketbook --events all --save .env
  pbhook register --url https://example.com/webhooks/pocketbook --events 'certificate.*,voucher.minted' --save keyring
  pbhook register --url https://example.com/webhooks/pocketbook --events all --dry-run
  pbhook register --url https://example.com/webhooks/pocketbook --events all --api-token-file - < token.txt`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case opts.url == "":
				return usagef(c, "name the URL of your endpoint with --url")
			case len(opts.events) == 0:
				return usagef(c, "name the events with --events, such as 'certificate.*', or all")
			}
			return runRegister(c.Context(), a, opts)
		},
	}
	inGroup(c.Flags(), "Webhook", func(flags *pflag.FlagSet) {
		opts.add(flags)
		opts.registration.add(flags)
	})
	inGroup(c.Flags(), "API", opts.api.add)
	words := []string{"all"}
	for _, eventType := range event.Types() {
		words = append(words, string(eventType))
	}
	completeFlags(c, map[string][]string{"events": words, "save": {".env", "keyring", "profile"}})
	return c
}

func runRegister(ctx context.Context, a *app, opts registerOptions) error {
	events, err := a.documentedTypes(opts.events)
	if err != nil {
		return err
	}
	wanted := opts.registration.wanted(opts.url, events)
	if opts.dryRun {
		return previewRegistration(a, wanted)
	}
	made, err := opts.registration.register(ctx, a, opts.api, wanted)
	return showRegistration(a, made, err)
}

// documentedTypes are those of Pocketbook's own that the patterns name, each once: it has no others to deliver.
func (a *app) documentedTypes(patterns []string) ([]event.Type, error) {
	library, _, err := a.embeddedLibrary()
	if err != nil {
		return nil, err
	}
	samples, err := library.Select(patterns...)
	if err != nil {
		return nil, err
	}
	var types []event.Type
	for _, sample := range samples {
		if !slices.Contains(types, sample.Type) {
			types = append(types, sample.Type)
		}
	}
	return types, nil
}

func previewRegistration(a *app, wanted pocketbook.Registration) error {
	client, err := pocketbook.New(a.apiOptions(pocketbook.Token{}))
	if err != nil {
		return err
	}
	defer client.Close()
	request, err := client.Preview(wanted)
	if err != nil {
		return err
	}
	return a.view.Request(request, view.FormatHTTP, true)
}

// showRegistration shows what there is, with the secret unless that is kept somewhere, also when something failed.
func showRegistration(a *app, made registered, failed error) error {
	shown := made.view()
	if made.SavedTo == "" {
		shown.Secret = made.secret
	}
	if failed != nil && shown.Secret.IsZero() {
		return failed
	}
	if err := a.view.Registration(shown); err != nil {
		return err
	}
	return failed
}
