package cmd

import (
	"context"
	"net/http"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

// apiFlags say which API of Pocketbook's is called, and as whom.
type apiFlags struct {
	token     tokenValue
	tokenFile string
}

func (f *apiFlags) add(flags *pflag.FlagSet) {
	flags.String("api-url", "", "`URL` of the API, for a sandbox (default $PBHOOK_API_URL, then your configuration's, then "+pocketbook.DefaultURL+")")
	flags.Var(&f.token, "api-token", "API `TOKEN`; other processes see it, so better none (default $POCKETBOOK_API_TOKEN, .env, profile, then asked for)")
	flags.StringVar(&f.tokenFile, "api-token-file", "", "read the token from `FILE`, or from stdin for -")
	isSetting(flags, "api-url")
}

// tokenValue is the value of --api-token. It does not print it: flag values turn up in help and in error messages.
type tokenValue struct{ text *string }

func (tokenValue) String() string { return "" }
func (tokenValue) Type() string   { return "token" }

func (t *tokenValue) Set(text string) error {
	t.text = &text
	return nil
}

func (f *apiFlags) client(ctx context.Context, a *app) (*pocketbook.Client, error) {
	token, source, err := config.ResolveToken(ctx, a.host(), a.config, config.TokenRequest{Flag: f.token.text, File: f.tokenFile})
	if err != nil {
		return nil, err
	}
	if f.token.text != nil {
		a.view.Warning("every process of this machine can see a token on the command line, and your shell keeps it; use --api-token-file or POCKETBOOK_API_TOKEN")
	}
	a.view.Note("API token from %s", ui.Sanitize(source))
	return pocketbook.New(a.apiOptions(token))
}

// apiOptions call the API that the configuration, flags included, names; with the zero token nothing can be sent.
func (a *app) apiOptions(token pocketbook.Token) pocketbook.Options {
	options := pocketbook.Options{
		URL: a.config.APIURL, Token: token, UserAgent: "pbhook/" + a.version.Number, Transport: a.env.Transport, Now: a.env.Now,
	}
	if options.Transport == nil {
		options.Transport = delivery.NewTransport(delivery.TransportOptions{Proxy: http.ProxyFromEnvironment})
	}
	return options
}
