package cmd

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

// apiError is a failure of a call to Pocketbook's API, to tell it from one of an endpoint.
type apiError struct{ err error }

func (e *apiError) Error() string { return e.err.Error() }
func (e *apiError) Unwrap() error { return e.err }

// placeError says why a secret could not be kept at the place of --save, before there was one.
type placeError struct{ err error }

func (e *placeError) Error() string { return "--save: " + e.err.Error() }
func (e *placeError) Unwrap() error { return e.err }

// unsavedError says that a webhook is registered and its secret is not where it was to be kept.
type unsavedError struct {
	id, place string
	err       error
}

func (e *unsavedError) Error() string {
	return fmt.Sprintf("webhook %s is registered, but its secret could not be saved to %s: %v", e.id, e.place, e.err)
}

// explainRegister is about Pocketbook's API, its token, and the secret that comes back.
func explainRegister(err error) (code int, message, hint string) {
	var (
		api     *apiError
		unsaved *unsavedError
		place   *placeError
		noToken *config.NoTokenError
		token   *config.TokenError
		target  *pocketbook.URLError
		setting *config.ValueError
	)
	switch {
	case errors.As(err, &unsaved):
		return exitFailure, "", "the secret is printed above, and shown this once; store it now"
	case errors.As(err, &place):
		return explainPlace(place)
	case errors.As(err, &api):
		return explainAPI(api)
	case errors.As(err, &noToken):
		return exitUsage, "there is no token for Pocketbook's API",
			"set POCKETBOOK_API_TOKEN, put it in .env, or give --api-token-file; " + noToken.Error()
	case errors.As(err, &token):
		return exitUsage, "", "the token is one word, such as the JWT of your enterprise account: eyJ…"
	case errors.As(err, &target):
		return exitUsage, "", "give a URL such as https://example.com/webhooks/pocketbook; http:// is for this machine alone"
	case errors.As(err, &setting) && setting.Key == "api-url":
		return exitUsage, "", "the API is " + pocketbook.DefaultURL + ", or that of a sandbox such as http://localhost:4100"
	case errors.Is(err, config.ErrRegistrations):
		return exitFailure, "", "move the file away, or register without looking into it with --force"
	}
	return exitSuccess, "", ""
}

// explainPlace is about --save; what it does not know is told as any file of the configuration.
func explainPlace(e *placeError) (code int, message, hint string) {
	var name *config.PlaceError
	switch {
	case errors.As(e.err, &name):
		return exitUsage, "", "the places are .env, keyring, profile and profile=NAME"
	case errors.Is(e.err, config.ErrTracked):
		return exitUsage, "", "take it out with git rm --cached and put its name into .gitignore, or use --save keyring"
	case errors.Is(e.err, config.ErrIndex):
		return exitUsage, "", "use --save keyring, or leave --save out and store the secret yourself"
	case errors.Is(e.err, config.ErrSymlink), errors.Is(e.err, config.ErrNotRegular):
		return exitUsage, "", "name the file itself with --save"
	case errors.Is(e.err, config.ErrShadowed):
		return exitUsage, "", "take secret out of the configuration, or use --save profile; pbhook config show tells where it is"
	}
	return explainConfig(e.err)
}

const lookFirst = "look at Settings → Webhooks in the dashboard before you try again: the webhook may be there"

func explainAPI(e *apiError) (code int, message, hint string) {
	var (
		expired     *pocketbook.ExpiredError
		refused     *pocketbook.StatusError
		odd         *pocketbook.AnswerError
		unreachable *delivery.UnreachableError
	)
	switch {
	case errors.As(e, &expired):
		return exitUsage, "", "get a new token from Pocketbook; if this one is new, check the clock of this machine"
	case errors.As(e, &refused):
		return exitStatus, "", refusalHint(refused)
	case errors.As(e, &odd):
		return exitFailure, "", lookFirst
	case errors.As(e, &unreachable):
		return exitUnreachable, "", apiUnreachableHint(unreachable)
	}
	return exitFailure, "", ""
}

func refusalHint(e *pocketbook.StatusError) string {
	switch e.Status {
	case http.StatusUnauthorized:
		return "the token is wrong or has expired; get a new one and set POCKETBOOK_API_TOKEN"
	case http.StatusForbidden:
		return "the API is for enterprise accounts; check whose token it is"
	case http.StatusNotFound:
		return "check --api-url; webhooks are registered at URL/api/enterprise/webhooks"
	case http.StatusConflict:
		return "a webhook with this URL is there already: use its secret, or delete it in the dashboard (Settings → Webhooks)"
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return "the API does not take this URL or these events; --dry-run shows what is sent"
	case http.StatusTooManyRequests:
		if e.RetryAfter > 0 {
			return fmt.Sprintf("too many calls; try again in %v", e.RetryAfter.Round(time.Second))
		}
		return "too many calls; try again later"
	}
	switch e.Status / 100 {
	case 3:
		return "redirects are never followed, they would carry the token to another place; give the final URL with --api-url"
	case 5:
		return "the API failed; " + lookFirst
	}
	return "--dry-run shows what is sent"
}

func apiUnreachableHint(e *delivery.UnreachableError) string {
	switch e.Kind {
	case delivery.KindRefused, delivery.KindDNS:
		return "check --api-url and the network; nothing was sent"
	case delivery.KindTLS:
		return "check --api-url and the certificate of its host; nothing was sent"
	case delivery.KindProxy:
		return "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY"
	default:
		return lookFirst
	}
}
