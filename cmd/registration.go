package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// registrationFlags say how a webhook is registered and where its secret goes. Every verb that registers one has them, and
// apiFlags beside them.
type registrationFlags struct {
	save     string
	inactive bool
	force    bool
}

func (r *registrationFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&r.save, "save", "", "keep the signing secret in this `PLACE`: .env, keyring, profile or profile=NAME (default it is shown once)")
	flags.BoolVar(&r.inactive, "inactive", false, "register without deliveries yet; you begin them in the dashboard")
	flags.BoolVar(&r.force, "force", false, "register anew although the same URL and events were registered from here before")
}

func (r *registrationFlags) wanted(url string, events []event.Type) pocketbook.Registration {
	return pocketbook.Registration{URL: url, Events: events, Active: !r.inactive}
}

// registered is a webhook that is there now, with its secret if that came back just now.
type registered struct {
	config.Registration
	known  bool // from before
	secret signature.Secret
}

// register sees to it that a webhook is there. With an error after the API has answered, what did come back is in the result,
// above all a secret that could not be kept.
func (r *registrationFlags) register(ctx context.Context, a *app, api apiFlags, wanted pocketbook.Registration) (registered, error) {
	sought, err := soughtRegistration(a, wanted)
	if err != nil {
		return registered{}, err
	}
	keeper, err := r.keeper(a)
	if err != nil {
		return registered{}, err
	}
	if found, err := r.remembered(a, sought); err != nil || found.known {
		return found, err
	}
	if keeper != nil {
		if err := keeper.Check(ctx); err != nil {
			return registered{}, &placeError{err}
		}
	}
	client, err := api.client(ctx, a)
	if err != nil {
		return registered{}, err
	}
	defer client.Close()
	busy := a.view.Err.Progress(-1, "registering at Pocketbook")
	webhook, err := client.Register(ctx, wanted)
	busy.Done()
	made := registered{Registration: sought, secret: webhook.Secret}
	made.ID, made.Time = webhook.ID, a.env.Now().UTC()
	if err != nil {
		return made, &apiError{err}
	}
	// From here on an interruption would lose the secret.
	err = r.settle(context.WithoutCancel(ctx), a, keeper, &made)
	return made, err
}

// soughtRegistration is the registration in the form in which it is remembered.
func soughtRegistration(a *app, wanted pocketbook.Registration) (config.Registration, error) {
	target, err := pocketbook.ParseWebhookURL(wanted.URL)
	if err != nil {
		return config.Registration{}, err
	}
	api, err := pocketbook.WebhooksURL(a.config.APIURL)
	if err != nil {
		return config.Registration{}, err
	}
	if pocketbook.IsLoopback(target) && !pocketbook.IsLoopback(api) {
		a.view.Warning("Pocketbook cannot reach " + target.Host + ", which is this machine; register the URL of a tunnel")
	}
	sought := config.Registration{API: api.String(), URL: target.String(), Active: wanted.Active}
	for _, eventType := range wanted.Events {
		sought.Events = append(sought.Events, string(eventType))
	}
	return sought, nil
}

// remembered looks for the same registration of an earlier run, unless it is to be made anew.
func (r *registrationFlags) remembered(a *app, sought config.Registration) (registered, error) {
	if r.force {
		return registered{}, nil
	}
	found, ok, err := config.FindRegistration(a.host(), sought)
	if errors.Is(err, config.ErrNoState) {
		err = nil // nothing could be remembered
	}
	if ok && found.Active != sought.Active {
		a.view.Warning("webhook " + found.ID + " was registered the other way, active or not; the dashboard changes that (Settings → Webhooks)")
	}
	return registered{Registration: found, known: ok}, err
}

// keeper gives the place of --save, and nil if there is none.
func (r *registrationFlags) keeper(a *app) (config.Keeper, error) {
	if r.save == "" {
		return nil, nil
	}
	file, err := a.configFile()
	if err != nil {
		return nil, err
	}
	keeper, err := config.NewKeeper(a.host(), a.config, file, r.save)
	if err != nil {
		return nil, &placeError{err}
	}
	return keeper, nil
}

// settle keeps the secret where it is to be kept, and remembers the rest.
func (r *registrationFlags) settle(ctx context.Context, a *app, keeper config.Keeper, made *registered) error {
	var unsaved error
	if keeper != nil {
		where, err := keeper.Keep(ctx, made.secret)
		if err != nil {
			unsaved = &unsavedError{id: made.ID, place: r.save, err: err}
		} else {
			made.SavedTo = where
			warnOfVariable(a, made.secret)
		}
	}
	if err := config.RememberRegistration(a.host(), made.Registration); err != nil {
		a.view.Warning(fmt.Sprintf("another run registers this webhook again, because it cannot be remembered: %v", err))
	}
	return unsaved
}

// warnOfVariable tells of a secret that goes before the one that was saved.
func warnOfVariable(a *app, secret signature.Secret) {
	if other, _ := a.env.LookupEnv(config.SecretVariable); other != "" && other != secret.Reveal() {
		a.view.Warning(config.SecretVariable + " is another secret, and goes before the one that was saved; unset it")
	}
}

func (r registered) view() view.Registration {
	return view.Registration{
		API: r.API, URL: r.URL, Events: r.Events, Active: r.Active, ID: r.ID, Time: r.Time, SavedTo: r.SavedTo, Known: r.known,
	}
}
