package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
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

// A right endpoint is sent what was planned: nothing is sent twice.
func TestARightEndpointSeesThePlannedRequests(t *testing.T) {
	r := &rules{}
	report := check(t, r, nil)
	plan := newProber(t, Options{Endpoint: "http://localhost:1"}).Plan()
	if report.Requests != plan.Requests || r.requests != plan.Requests {
		t.Errorf("planned %d, sent %d, received %d", plan.Requests, report.Requests, r.requests)
	}
}

// Refusing everything would pass every forgery, so nothing may be concluded from it.
func TestWhatRefusesEverythingProvesNothing(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(w http.ResponseWriter, r *http.Request)
		kind   BlockedKind
		says   string
	}{
		{"a wrong secret", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, BlockedSecret, "refused with 401 Unauthorized"},
		{"a wrong path", func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }, BlockedPath, "nothing takes POST at this URL: 404"},
		{"a limited rate", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, BlockedRate, "limits how much it takes: 429"},
		{"a hang", func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() }, BlockedUnreachable, "no answer from localhost:1 after 30s"},
		{"a close", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, BlockedUnreachable, "closed the connection"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &rules{}
			report := check(t, http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
				r.requests++
				test.answer(w, request)
			}), nil)
			if report.Blocked == nil || report.Blocked.Kind != test.kind || !strings.Contains(report.Blocked.Reason, test.says) {
				t.Fatalf("blocked %+v", report.Blocked)
			}
			if report.Blocked.Remedy == "" {
				t.Error("there is no remedy")
			}
			if failed := ids(report, Failed); len(failed) > 0 {
				t.Errorf("failed %v", failed)
			}
			for _, id := range ids(report, Passed) {
				if !strings.HasPrefix(id, "net.") {
					t.Errorf("%s passed", id)
				}
			}
			if r.requests > 5 {
				t.Errorf("went on for %d requests", r.requests)
			}
			if report.Grade() != "" {
				t.Errorf("grade %q", report.Grade())
			}
		})
	}
}

func TestACrashOnAValidEventIsAFailureAndEndsTheRun(t *testing.T) {
	report := check(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }), nil)
	if diff := cmp.Diff([]string{"ok.compact"}, ids(report, Failed)); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	if report.Blocked == nil || report.Blocked.Kind != BlockedError {
		t.Errorf("blocked %+v", report.Blocked)
	}
	if report.Grade() != "F" {
		t.Errorf("grade %q", report.Grade())
	}
}

func TestAnEndpointOnThePreviousSecretIsToldSo(t *testing.T) {
	report := check(t, &rules{}, func(o *Options, _ *pipes) {
		o.Secret, o.Previous = newSecret(t, "whsec_new"), newSecret(t, secretText)
	})
	if report.Blocked == nil || !strings.Contains(report.Blocked.Reason, "previous secret was accepted") {
		t.Errorf("blocked %+v", report.Blocked)
	}
}

func TestClocksThatDifferAreNamed(t *testing.T) {
	behind := func(by time.Duration) *rules {
		return &rules{
			before: func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Date", time.Now().Add(-by).UTC().Format(http.TimeFormat))
				return false
			},
			clock: func(text string) bool {
				seconds, err := strconv.ParseInt(text, 10, 64)
				age := time.Now().Add(-by).Unix() - seconds
				return err == nil && -300 <= age && age <= 300
			},
		}
	}
	t.Run("by more than the tolerance", func(t *testing.T) {
		report := check(t, behind(10*time.Minute), nil)
		if report.Blocked == nil || !strings.Contains(report.Blocked.Remedy, "set the clocks: the endpoint's is 10m0s away") {
			t.Errorf("blocked %+v", report.Blocked)
		}
	})
	t.Run("by a little", func(t *testing.T) {
		report := check(t, behind(40*time.Second), nil)
		if diff := cmp.Diff([]string{"time.330"}, ids(report, Inconclusive)); diff != "" {
			t.Errorf("inconclusive (-want +got):\n%s", diff)
		}
		if failed := ids(report, Failed); len(failed) > 0 {
			t.Errorf("failed %v", failed)
		}
	})
}

// An endpoint that parses the body fails one case for each thing a parser loses, and is told the one cause.
func TestAParsedBodyIsRecognised(t *testing.T) {
	for name, test := range map[string]struct {
		rewrite func([]byte) []byte
		fails   []string
		says    string
	}{
		"as JSON.stringify writes it": {stringify, []string{
			"ok.pretty", "ok.numbers", "ok.unicode", "ok.intkeys", "ok.dupkeys", "ok.newline", "ok.crlf", "body.malformed"}, ""},
		"as json.dumps writes it": {func(b []byte) []byte { return spaced(stringify(b)) }, nil, "the endpoint accepts the same event only with a space"},
	} {
		t.Run(name, func(t *testing.T) {
			report := check(t, &rules{rewrite: test.rewrite}, nil)
			failed := ids(report, Failed)
			if test.says != "" {
				if report.Results[3].Case.ID != "ok.compact" || !strings.Contains(report.Results[3].Reason, test.says) {
					t.Errorf("%s: %s", report.Results[3].Case.ID, report.Results[3].Reason)
				}
			} else {
				// A body that is no JSON cannot be written anew, so this receiver refuses it by its signature.
				test.fails = test.fails[:len(test.fails)-1]
				if diff := cmp.Diff(test.fails, failed); diff != "" {
					t.Errorf("failed (-want +got):\n%s", diff)
				}
			}
			for _, id := range failed {
				if strings.HasPrefix(id, "auth.") || strings.HasPrefix(id, "time.") || strings.HasPrefix(id, "mal.") {
					t.Errorf("%s failed", id)
				}
			}
			for _, id := range ids(report, Inconclusive) {
				t.Errorf("%s is inconclusive", id)
			}
			if causes := report.Causes(); len(causes) == 0 || causes[0].ID != CauseParsedBody {
				t.Errorf("causes %v", causes)
			}
		})
	}
}

func TestOneThatVerifiesNothingIsToldSoOnce(t *testing.T) {
	report := check(t, &rules{forgive: func(string, []byte) bool { return true }}, nil)
	for _, result := range report.Results {
		want := Passed
		if result.Case.want == wantRefused && (result.Case.stage == stageRefuse) {
			want = Failed
		}
		if result.Verdict != want && result.Case.ID != "net.cert" && result.Case.ID != "size.5m" {
			t.Errorf("%s %s", result.Case.ID, result.Verdict)
		}
	}
	if causes := report.Causes(); len(causes) == 0 || causes[0].ID != CauseUnverified {
		t.Errorf("causes %v", causes)
	}
	if report.Grade() != "F" {
		t.Errorf("grade %q", report.Grade())
	}
}

// dies answers nothing more from the first request on that the condition holds for, for as long as it is down.
func dies(when func(*http.Request) bool, down time.Duration) http.Handler {
	right := &rules{}
	var mu sync.Mutex
	var until time.Time
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if when(r) {
			until = time.Now().Add(down)
		}
		dead := time.Now().Before(until)
		mu.Unlock()
		if dead {
			panic(http.ErrAbortHandler)
		}
		right.ServeHTTP(w, r)
	})
}

func latin1(r *http.Request) bool {
	return strings.Contains(r.Header.Get("X-Webhook-Signature"), "\xe9")
}

func TestAnEndpointThatIsTakenDownBlamesTheCaseThatDidIt(t *testing.T) {
	t.Run("for good, one at a time", func(t *testing.T) {
		report := check(t, dies(latin1, time.Hour), func(o *Options, _ *pipes) { o.Concurrency = 1 })
		if diff := cmp.Diff([]string{"mal.latin1", "end.alive"}, ids(report, Failed)); diff != "" {
			t.Errorf("failed (-want +got):\n%s", diff)
		}
		for _, result := range report.Inconclusive() {
			if !strings.Contains(result.Reason, "mal.latin1") {
				t.Errorf("%s: %s", result.Case.ID, result.Reason)
			}
		}
	})
	t.Run("for good, among others", func(t *testing.T) {
		garbage := func(r *http.Request) bool { return r.Header.Get("X-Webhook-Signature") == "foo" }
		report := check(t, dies(garbage, time.Hour), nil)
		if diff := cmp.Diff([]string{"end.alive"}, ids(report, Failed)); diff != "" {
			t.Errorf("failed (-want +got):\n%s", diff)
		}
		if got := resultOf(t, report, "auth.garbage"); !strings.Contains(got.Reason, "auth.garbage, ") {
			t.Errorf("%s: %s", got.Verdict, got.Reason)
		}
		for _, id := range ids(report, Passed) {
			if strings.HasPrefix(id, "auth.") {
				t.Errorf("%s passed", id)
			}
		}
	})
	t.Run("until it is restarted", func(t *testing.T) {
		report := check(t, dies(latin1, time.Second), nil)
		if diff := cmp.Diff([]string{"mal.latin1"}, ids(report, Failed)); diff != "" {
			t.Errorf("failed (-want +got):\n%s", diff)
		}
		if open := ids(report, Inconclusive); len(open) > 0 {
			t.Errorf("inconclusive %v", open)
		}
	})
}

// An endpoint that locks out who sends bad requests refuses forgeries for another reason than that they are forged.
func TestALockoutLeavesForgeriesOpen(t *testing.T) {
	bad, right := 0, &rules{}
	var mu sync.Mutex
	report := check(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		locked := bad >= 3
		if r.Header.Get("X-Webhook-Signature") == "" || strings.Contains(r.Header.Get("X-Webhook-Signature"), "foo") {
			bad += 2
		}
		mu.Unlock()
		if locked {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		right.ServeHTTP(w, r)
	}), nil)
	for _, result := range report.Results {
		if result.Case.Group == GroupForgery && result.Verdict != Inconclusive {
			t.Errorf("%s %s", result.Case.ID, result.Verdict)
		}
		if result.Case.Group == GroupValid && result.Verdict != Passed {
			t.Errorf("%s %s", result.Case.ID, result.Verdict)
		}
	}
}

// What fails once and then never again is not the fault of the case.
func TestAFailureThatDoesNotComeAgainIsAWarning(t *testing.T) {
	var mu sync.Mutex
	times := map[string]int{}
	right := &rules{event: func(w http.ResponseWriter, id, _ string, _ []byte) bool {
		name := strings.TrimRight(id, "0123456789")
		mu.Lock()
		defer mu.Unlock()
		times[name]++
		first := times[name] == 1 && (strings.Contains(id, "_ok_") && !strings.Contains(id, "compact") || strings.Contains(id, "_ev_"))
		if first {
			w.WriteHeader(http.StatusInternalServerError)
		}
		return first
	}}
	report := check(t, right, nil)
	if failed := ids(report, Failed); len(failed) > 0 {
		t.Errorf("failed %v", failed)
	}
	warned := 0
	for _, result := range report.Results {
		if strings.Contains(result.Warning, "not at the first time: was answered with 500") {
			warned++
		}
	}
	if warned != 10 {
		t.Errorf("%d warnings, want 10", warned)
	}
}

func TestALimitedRateIsWaitedFor(t *testing.T) {
	var mu sync.Mutex
	turn := 0
	report := check(t, &rules{before: func(w http.ResponseWriter, _ *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		turn++
		if turn%7 != 0 {
			return false
		}
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}}, func(o *Options, _ *pipes) { o.Concurrency = 1 })
	if bad := append(ids(report, Failed), ids(report, Inconclusive)...); len(bad) > 0 {
		t.Errorf("not passed: %v", bad)
	}
}

// Cases that are turned away for their rate, again and again, were not judged.
func TestALimitedRateThatStaysIsInconclusive(t *testing.T) {
	report := check(t, &rules{before: func(w http.ResponseWriter, r *http.Request) bool {
		forged := r.Header.Get("X-Webhook-Signature") == "foo"
		if forged {
			w.WriteHeader(http.StatusTooManyRequests)
		}
		return forged
	}}, nil)
	if diff := cmp.Diff([]string{"auth.garbage"}, ids(report, Inconclusive)); diff != "" {
		t.Errorf("inconclusive (-want +got):\n%s", diff)
	}
}

// A valid event without an answer is a failure of its case, and of the latency.
func TestATimeoutCountsForTheLatency(t *testing.T) {
	report := check(t, &rules{inside: func(_ http.ResponseWriter, body []byte) bool {
		if bytes.HasSuffix(body, []byte("\n")) {
			time.Sleep(time.Minute) // of the bubble
		}
		return false
	}}, nil)
	if diff := cmp.Diff([]string{"ok.newline", "time.fast"}, ids(report, Failed)); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	if got := resultOf(t, report, "time.fast"); !strings.Contains(got.Reason, "2 valid events were not answered within 30s") {
		t.Error(got.Reason)
	}
}

// However an endpoint behaves, a run ends, decides every case and keeps to the number of requests that was promised, which
// check makes sure of.
func TestRandomEndpointsAreSurvived(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 0))
			var mu sync.Mutex
			number, right := 0, &rules{}
			report := check(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				throw := dice.IntN(12)
				number++
				begun := number > 11
				mu.Unlock()
				if begun && throw < int(seed%12) {
					misbehave(w, r, throw)
					return
				}
				right.ServeHTTP(w, r)
			}), nil)
			for _, result := range report.Results {
				if result.Case.ID == "" || result.Verdict == "" {
					t.Errorf("a case without a verdict: %+v", result)
				}
				if result.Verdict != Passed && result.Reason == "" {
					t.Errorf("%s %s without a reason", result.Case.ID, result.Verdict)
				}
			}
		})
	}
}

// One that draws as many requests as it can, turning each away for its rate before it fails, draws no more than was promised.
func TestTheNumberOfRequestsIsBounded(t *testing.T) {
	var mu sync.Mutex
	turn := 0
	right := &rules{}
	report := check(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if bytes.Contains(body, []byte("_control_")) || bytes.Contains(body, []byte("_ok_compact_")) {
			r.Body = io.NopCloser(bytes.NewReader(body))
			right.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		turn++
		if turn%2 == 1 {
			w.WriteHeader(http.StatusTooManyRequests)
		} else {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}), func(o *Options, _ *pipes) { o.Concurrency = 1 })
	if plan := newProber(t, Options{Endpoint: "http://localhost:1"}).Plan(); report.Requests < plan.Max-stageExtras*3-gateExtras-repeatRequests {
		t.Errorf("sent %d of at most %d requests, too few to prove the bound", report.Requests, plan.Max)
	}
}

func misbehave(w http.ResponseWriter, r *http.Request, how int) {
	switch how % 6 {
	case 0:
		w.WriteHeader(http.StatusInternalServerError)
	case 1:
		panic(http.ErrAbortHandler)
	case 2:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	case 3:
		time.Sleep(40 * time.Second) // of the bubble
	case 4:
		http.Redirect(w, r, "/login", http.StatusFound)
	case 5:
		w.WriteHeader(http.StatusForbidden)
	}
}

func TestInterruptedRunsDecideNothingMore(t *testing.T) {
	for _, concurrency := range []int{1, DefaultConcurrency} {
		t.Run(strconv.Itoa(concurrency), func(t *testing.T) { interrupt(t, concurrency) })
	}
}

func interrupt(t *testing.T, concurrency int) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		prober := newProber(t, Options{Endpoint: "http://localhost:1", Concurrency: concurrency, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.Header.Get("X-Webhook-Signature"), "foo") {
				cancel()
			}
			if err := r.Context().Err(); err != nil {
				return nil, err
			}
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Proto: "HTTP/1.1"}, nil
		})})
		report := prober.Run(ctx, nil)
		if !errors.Is(report.Interrupted, context.Canceled) {
			t.Errorf("interrupted %v", report.Interrupted)
		}
		for _, result := range report.Results {
			if result.Case.Group == GroupBodies && result.Case.stage == stageRisky && result.Verdict != Inconclusive {
				t.Errorf("%s %s after the end", result.Case.ID, result.Verdict)
			}
			if result.Verdict == Failed && result.Fault != FaultAccepted {
				t.Errorf("%s failed: %s", result.Case.ID, result.Reason)
			}
		}
		if len(report.Results) != len(Cases()) {
			t.Errorf("%d results", len(report.Results))
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSeverityOfA500OnAForgeryIsNotThatOfABreach(t *testing.T) {
	crash := func(when func(*http.Request) bool) *rules {
		return &rules{before: func(w http.ResponseWriter, r *http.Request) bool {
			if when(r) {
				w.WriteHeader(http.StatusInternalServerError)
			}
			return when(r)
		}}
	}
	report := check(t, crash(func(r *http.Request) bool {
		return r.Method == http.MethodPost && r.Header.Get("X-Webhook-Signature") == ""
	}), nil)
	for _, result := range report.Failed() {
		if result.Fault != FaultServerError || result.Severity() != Medium {
			t.Errorf("%s: %s, %s", result.Case.ID, result.Fault, result.Severity())
		}
	}
	if diff := cmp.Diff([]string{"auth.none", "size.5m"}, ids(report, Failed)); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	if report.Grade() != "B" {
		t.Errorf("grade %q", report.Grade())
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
