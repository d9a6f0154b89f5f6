package pocketbook_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/pocketbook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	opaque     = "classified-token-0123456789"
	webhookURL = "https://example.com/webhooks/pocketbook?a=1&b=2"
	registered = `{"success":true,"data":{"webhookId":"wh_1","secret":"whsec_classified_1234"}}`
)

// now is the time of every test.
func now() time.Time { return time.Date(2026, 1, 15, 10, 30, 0, 0, time.UTC) }

func registration() pocketbook.Registration {
	return pocketbook.Registration{
		URL:    webhookURL,
		Events: []event.Type{event.TypeCertificateMinted, event.TypeVoucherExpired},
		Active: true,
	}
}

// api is an API that answers as told and keeps what it was asked.
type api struct {
	*httptest.Server

	mu     sync.Mutex
	asked  []*http.Request
	bodies []string
}

func serve(t *testing.T, answer http.HandlerFunc) *api {
	t.Helper()
	a := &api{}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		a.mu.Lock()
		a.asked = append(a.asked, r)
		a.bodies = append(a.bodies, string(body))
		a.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(a.Close)
	return a
}

func with(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func (a *api) requests() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.asked)
}

func token(t testing.TB, value string) pocketbook.Token {
	t.Helper()
	made, err := pocketbook.NewToken(value)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// newClient fills in the token and the time, and closes the client with the test.
func newClient(t *testing.T, o pocketbook.Options) *pocketbook.Client {
	t.Helper()
	if o.Token.IsZero() {
		o.Token = token(t, opaque)
	}
	o.Now = now
	client, err := pocketbook.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// jwt makes a token with the given claims and a signature that nobody checks.
func jwt(claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return strings.Join([]string{encode([]byte(`{"alg":"HS256","typ":"JWT"}`)), encode([]byte(claims)), "c2lnbmF0dXJl"}, ".")
}

func expiring(at time.Time) string { return jwt(fmt.Sprintf(`{"sub":"ada","exp":%d}`, at.Unix())) }
