package pocketbook_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

func TestARegistrationIsWhatTheGuideShows(t *testing.T) {
	api := serve(t, with(http.StatusCreated, registered))
	webhook, err := newClient(t, pocketbook.Options{URL: api.URL, UserAgent: "pbhook/1.2.3"}).Register(t.Context(), registration())
	if err != nil || webhook.ID != "wh_1" || webhook.Secret.Reveal() != "whsec_classified_1234" {
		t.Fatalf("Register = %q, %q, %v", webhook.ID, webhook.Secret.Reveal(), err)
	}
	const body = `{"url":"https://example.com/webhooks/pocketbook?a=1&b=2","events":["certificate.minted","voucher.expired"],"active":true}`
	if got := api.bodies[0]; got != body {
		t.Errorf("the body is\n%s\nwant\n%s", got, body)
	}
	request := api.asked[0]
	if line := request.Method + " " + request.URL.Path; line != "POST /api/enterprise/webhooks" {
		t.Errorf("it asks for %s", line)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer " + opaque, "Content-Type": "application/json", "User-Agent": "pbhook/1.2.3",
	} {
		if got := request.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestEveryRefusalCarriesWhatTheAPISaid(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			said := fmt.Sprintf(`{"error":"no %s"}`, opaque)
			api := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Retry-After", "17")
				with(status, said)(w, r)
			})
			webhook, err := newClient(t, pocketbook.Options{URL: api.URL}).Register(t.Context(), registration())
			var refused *pocketbook.StatusError
			if !errors.As(err, &refused) || refused.Status != status || refused.RetryAfter != 17*time.Second || !webhook.Secret.IsZero() {
				t.Fatalf("Register = %v, %v", webhook, err)
			}
			if refused.Body != `{"error":"no …"}` || !strings.HasSuffix(err.Error(), refused.Body) || strings.Contains(err.Error(), "classified") {
				t.Errorf("the error is %v", err)
			}
			if got := api.requests(); got != 1 {
				t.Errorf("the API was asked %d times", got)
			}
		})
	}
}

func TestWhereARedirectPointsSeesNothing(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			thief := serve(t, with(http.StatusOK, registered))
			api := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, thief.URL+"/"+opaque, status) })
			_, err := newClient(t, pocketbook.Options{URL: api.URL}).Register(t.Context(), registration())
			var refused *pocketbook.StatusError
			if !errors.As(err, &refused) || refused.Location != thief.URL+"/…" {
				t.Errorf("Register fails with %v", err)
			}
			if thief.requests() != 0 {
				t.Errorf("the other host saw %v", thief.asked[0].Header)
			}
		})
	}
}

func TestAnAnswerThatIsNotAsDocumentedIsAnError(t *testing.T) {
	for name, test := range map[string]struct{ body, id, secret, reason string }{
		"no secret":             {`{"data":{"webhookId":"wh_1"}}`, "wh_1", "", "has no data.secret"},
		"an empty secret":       {`{"data":{"webhookId":"wh_1","secret":" "}}`, "wh_1", "", "has no data.secret"},
		"no id":                 {`{"data":{"secret":"whsec_classified"}}`, "", "whsec_classified", "has no data.webhookId"},
		"an id that is a digit": {`{"data":{"webhookId":1,"secret":"whsec_classified"}}`, "", "whsec_classified", "has no data.webhookId"},
		"an id without an end":  {`{"data":{"webhookId":"` + strings.Repeat("w", 300) + `","secret":"whsec_classified"}}`, "", "whsec_classified", "has no data.webhookId"},
		"names in another case": {`{"Data":{"webhookid":"wh_1","Secret":"whsec_classified"}}`, "", "", "has no data"},
		"no data":               {`{"webhookId":"wh_1","secret":"whsec_classified"}`, "", "", "has no data"},
		"null":                  {`null`, "", "", "has no data"},
		"a list":                {`["whsec_classified"]`, "", "", "is no JSON object"},
		"a page":                {`<html>whsec_classified</html>`, "", "", "is no JSON object"},
		"nothing":               {``, "", "", "is no JSON object"},
		"too much":              {`{"data":"` + strings.Repeat("classified", 110_000) + `"}`, "", "", "is larger than 1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			api := serve(t, with(http.StatusOK, test.body))
			webhook, err := newClient(t, pocketbook.Options{URL: api.URL}).Register(t.Context(), registration())
			var odd *pocketbook.AnswerError
			if !errors.As(err, &odd) || odd.Reason != test.reason || odd.ID != test.id {
				t.Fatalf("Register fails with %v, want %q", err, test.reason)
			}
			if webhook.ID != test.id || webhook.Secret.Reveal() != test.secret {
				t.Errorf("it came with %q and %q, want %q and %q", webhook.ID, webhook.Secret.Reveal(), test.id, test.secret)
			}
			if strings.Contains(err.Error(), "classified") {
				t.Errorf("the error quotes the answer: %v", err)
			}
		})
	}
}

func TestAnExpiredJWTIsNotSent(t *testing.T) {
	api := serve(t, with(http.StatusOK, registered))
	for name, test := range map[string]struct {
		at   time.Time
		sent int
	}{
		"a second ago":     {now().Add(-time.Second), 0},
		"now":              {now(), 0},
		"a second to come": {now().Add(time.Second), 1},
	} {
		t.Run(name, func(t *testing.T) {
			before := api.requests()
			client := newClient(t, pocketbook.Options{URL: api.URL, Token: token(t, expiring(test.at))})
			_, err := client.Register(t.Context(), registration())
			var expired *pocketbook.ExpiredError
			if errors.As(err, &expired) != (test.sent == 0) || api.requests()-before != test.sent {
				t.Errorf("Register fails with %v after %d requests, want %d", err, api.requests()-before, test.sent)
			}
			if expired != nil && !expired.At.Equal(test.at) {
				t.Errorf("it says %v, want %v", expired.At, test.at)
			}
		})
	}
}

func TestABadRegistrationIsNotSent(t *testing.T) {
	api := serve(t, with(http.StatusOK, registered))
	client := newClient(t, pocketbook.Options{URL: api.URL})
	noEvents, plain := registration(), registration()
	noEvents.Events = nil
	plain.URL = "http://example.com/"
	if _, err := client.Register(t.Context(), noEvents); !errors.Is(err, pocketbook.ErrNoEvents) {
		t.Errorf("without events: %v", err)
	}
	var refused *pocketbook.URLError
	if _, err := client.Register(t.Context(), plain); !errors.As(err, &refused) {
		t.Errorf("with %s: %v", plain.URL, err)
	}
	if got := api.requests(); got != 0 {
		t.Errorf("the API was asked %d times", got)
	}
}

func TestNoWholeAnswerIsToldByItsKind(t *testing.T) {
	release := make(chan struct{})
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   delivery.Kind
	}{
		"a connection that is closed": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, delivery.KindReset},
		"an answer that is cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, registered)
		}, delivery.KindReset},
		"no answer in time": {func(http.ResponseWriter, *http.Request) { <-release }, delivery.KindTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			api := serve(t, test.answer)
			_, err := newClient(t, pocketbook.Options{URL: api.URL, Timeout: 200 * time.Millisecond}).Register(t.Context(), registration())
			var unreachable *delivery.UnreachableError
			if !errors.As(err, &unreachable) || unreachable.Kind != test.want {
				t.Errorf("Register fails with %v, want %s", err, test.want)
			}
			if test.want == delivery.KindTimeout {
				close(release)
			}
		})
	}
}

func TestARegistrationEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	api := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := newClient(t, pocketbook.Options{URL: api.URL}).Register(ctx, registration()); !errors.Is(err, context.Canceled) {
		t.Errorf("Register fails with %v", err)
	}
}

func TestACertificateThatIsNotTrustedGetsNoToken(t *testing.T) {
	asked := false
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	server.Config.ErrorLog = nil
	server.StartTLS()
	defer server.Close()
	_, err := newClient(t, pocketbook.Options{URL: server.URL}).Register(t.Context(), registration())
	var unreachable *delivery.UnreachableError
	if !errors.As(err, &unreachable) || unreachable.Kind != delivery.KindTLS || asked {
		t.Errorf("Register fails with %v; asked: %v", err, asked)
	}
	trusting := newClient(t, pocketbook.Options{URL: server.URL, Transport: server.Client().Transport})
	if _, err := trusting.Register(t.Context(), registration()); !asked {
		t.Errorf("with its authority the API is not asked: %v", err)
	}
}

func TestAnErrorIsNoLongerThanALine(t *testing.T) {
	api := serve(t, with(http.StatusBadRequest, strings.Repeat("é", 100_000)))
	_, err := newClient(t, pocketbook.Options{URL: api.URL}).Register(t.Context(), registration())
	if got := len(err.Error()); got > 1000 || !strings.HasSuffix(err.Error(), "é…") {
		t.Errorf("the error has %d bytes: %v", got, err)
	}
}

func TestAPreviewHasAllButTheToken(t *testing.T) {
	client := newClient(t, pocketbook.Options{})
	preview, err := client.Preview(registration())
	if err != nil {
		t.Fatal(err)
	}
	if got := preview.Values("Authorization"); len(got) != 1 || got[0] != "Bearer redacted" {
		t.Errorf("Authorization is %q", got)
	}
	if strings.Contains(fmt.Sprintf("%+v %s", preview, preview.Body), "classified") {
		t.Errorf("the preview shows the token")
	}
	inactive := registration()
	inactive.Active = false
	if preview, err = client.Preview(inactive); err != nil || !strings.Contains(string(preview.Body), `"active":false`) {
		t.Errorf("an inactive one is %s, %v", preview.Body, err)
	}
}

func TestWithoutATokenNothingIsSentButAPreviewWorks(t *testing.T) {
	api := serve(t, with(http.StatusOK, registered))
	client, err := pocketbook.New(pocketbook.Options{URL: api.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Register(t.Context(), registration()); !errors.Is(err, pocketbook.ErrEmptyToken) || api.requests() != 0 {
		t.Errorf("Register fails with %v after %d requests", err, api.requests())
	}
	if preview, err := client.Preview(registration()); err != nil || len(preview.Body) == 0 {
		t.Errorf("Preview = %v, %v", preview, err)
	}
}
