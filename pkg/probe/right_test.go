package probe

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func verifier(t testing.TB) *signature.Verifier {
	t.Helper()
	v, err := signature.NewVerifier(signature.Options{Secret: newSecret(t, secretText)})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// readerHandler is the handler that the documentation of package event shows.
func readerHandler(t testing.TB) http.Handler {
	t.Helper()
	reader, err := event.NewReader(event.ReaderOptions{Verifier: verifier(t)})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks/pocketbook", func(w http.ResponseWriter, r *http.Request) {
		_, err := reader.Read(r.Header, r.Body, time.Now())
		var refused *signature.VerifyError
		switch {
		case errors.Is(err, event.ErrBodyTooLarge):
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		case errors.As(err, &refused):
			w.WriteHeader(http.StatusUnauthorized)
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
		}
	})
	return mux
}

func TestRightReceiversPassEveryCase(t *testing.T) {
	for name, handler := range map[string]http.Handler{
		"the guide's formula":   &rules{},
		"package receiver":      receiver.New(receiver.Options{Verifier: verifier(t)}),
		"net/http and an event": readerHandler(t),
	} {
		t.Run(name, func(t *testing.T) {
			report := check(t, handler, nil)
			for _, result := range report.Results {
				if result.Verdict != Passed && result.Case.ID != "net.cert" {
					t.Errorf("%s %s: %s", result.Case.ID, result.Verdict, result.Reason)
				}
				if result.Warning != "" {
					t.Errorf("%s: %s", result.Case.ID, result.Warning)
				}
			}
			if report.Grade() != "A" || report.Blocked != nil {
				t.Errorf("grade %q, blocked %v", report.Grade(), report.Blocked)
			}
		})
	}
}

// The observer sees every request, one after the other.
func TestProgressCountsEveryRequest(t *testing.T) {
	server := httptest.NewServer(&rules{})
	defer server.Close()
	last := 0
	prober := newProber(t, Options{Endpoint: server.URL, Select: []string{"auth", "rot"}})
	report := prober.Run(t.Context(), func(now Progress) {
		if now.Requests != last+1 {
			t.Errorf("%d requests after %d", now.Requests, last)
		}
		last = now.Requests
	})
	if last != report.Requests || last != prober.Plan().Requests {
		t.Errorf("saw %d of %d requests", last, report.Requests)
	}
}

// A right endpoint is sent what was planned: nothing is sent twice.
func TestARightEndpointSeesThePlannedRequests(t *testing.T) {
	r := &rules{}
	report := check(t, r, nil)
	plan := newProber(t, Options{Endpoint: "http://localhost:1"}).Plan()
	if report.Requests != plan.Requests || r.requests != plan.Requests {
		t.Errorf("planned %d, sent %d, received %d", plan.Requests, report.Requests, r.requests)
	}
}

func TestSelectedCasesAloneAreTried(t *testing.T) {
	r := &rules{}
	report := check(t, r, func(o *Options, _ *pipes) { o.Select, o.Skip = []string{"auth.*", "idem"}, []string{"auth.v0"} })
	want := []string{"auth.none", "auth.garbage", "auth.secret", "auth.body", "auth.bodyonly", "auth.tswap", "auth.emptykey", "auth.shift", "idem.dup"}
	if diff := cmp.Diff(want, ids(report, Passed)); diff != "" {
		t.Errorf("passed (-want +got):\n%s", diff)
	}
	// One control before and one after the forgeries, and the twelve deliveries.
	if r.requests != 1+8+1+12 {
		t.Errorf("%d requests", r.requests)
	}
}

func TestNewRefuses(t *testing.T) {
	secret := newSecret(t, secretText)
	for name, o := range map[string]Options{
		"no secret":                {Endpoint: "http://localhost:1", Events: sampleEvents()},
		"no events":                {Endpoint: "http://localhost:1", Secret: secret},
		"no URL":                   {Endpoint: "localhost:1", Secret: secret, Events: sampleEvents()},
		"a misspelt pattern":       {Endpoint: "http://localhost:1", Secret: secret, Events: sampleEvents(), Skip: []string{"sizes.*"}},
		"a probe that is no URL":   {Endpoint: "http://localhost:1", Secret: secret, Events: sampleEvents(), ProbeURL: "/count"},
		"too many at once":         {Endpoint: "http://localhost:1", Secret: secret, Events: sampleEvents(), Concurrency: 65},
		"a signature of one's own": {Endpoint: "http://localhost:1", Secret: secret, Events: sampleEvents(), Header: []capture.Field{{Name: "x-webhook-signature", Value: "t=1"}}},
		"a negative timeout":       {Endpoint: "http://localhost:1", Secret: secret, Events: sampleEvents(), Timeout: -1},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// Every event can be found by its id, and no two are the same but where the case is about that.
func TestEventsHaveIDsOfTheCheck(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	r := &rules{event: func(_ http.ResponseWriter, id, _ string, _ []byte) bool {
		mu.Lock()
		defer mu.Unlock()
		seen[id]++
		return false
	}}
	report := check(t, r, nil)
	for id, times := range seen {
		if !strings.HasPrefix(id, EventPrefix) || !strings.HasPrefix(id, report.IDPrefix) {
			t.Errorf("id %s", id)
		}
		if want := map[bool]int{true: 2, false: 1}[strings.Contains(id, "idem")]; times != want && times != 10 {
			t.Errorf("%s came %d times", id, times)
		}
	}
}

func TestSecretsStayOutOfReports(t *testing.T) {
	report := check(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }), nil)
	if text := fmt.Sprintf("%+v", report); strings.Contains(text, secretText) {
		t.Error("the report holds the secret")
	}
}
