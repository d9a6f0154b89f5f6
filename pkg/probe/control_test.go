package probe

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

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

// A handler that fails on one type is found by ok.compact, and another type carries the rest.
func TestATypeThatIsNotHandledDoesNotBlockTheRun(t *testing.T) {
	for _, code := range []int{http.StatusBadRequest, http.StatusInternalServerError} {
		report := check(t, &rules{event: func(w http.ResponseWriter, _, kind string, _ []byte) bool {
			if kind == "certificate.created" {
				w.WriteHeader(code)
			}
			return kind == "certificate.created"
		}}, nil)
		if diff := cmp.Diff([]string{"ok.compact"}, ids(report, Failed)); diff != "" {
			t.Errorf("failed (-want +got):\n%s", diff)
		}
		if open := ids(report, Inconclusive); len(open) > 0 || report.Blocked != nil {
			t.Errorf("inconclusive %v, blocked %+v", open, report.Blocked)
		}
		if causes := report.Causes(); len(causes) > 0 {
			t.Errorf("causes %v", causes)
		}
		if got := resultOf(t, report, "ok.compact"); !strings.HasPrefix(got.Reason, "an event of the type certificate.created was answered with ") {
			t.Error(got.Reason)
		}
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
		// Which of those under way at once has done it is known only if it was the last.
		failed := slices.DeleteFunc(ids(report, Failed), func(id string) bool { return id == "auth.garbage" })
		if diff := cmp.Diff([]string{"end.alive"}, failed); diff != "" {
			t.Errorf("failed (-want +got):\n%s", diff)
		}
		if got := resultOf(t, report, "auth.garbage"); !strings.Contains(got.Reason, "nothing has been answered since") {
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

// An endpoint that locks out who sends bad requests refuses forgeries for another reason than that they are forged, also where
// the lock opens again before the check is over.
func TestALockoutLeavesForgeriesOpen(t *testing.T) {
	for name, lock := range map[string]time.Duration{"for good": time.Hour, "for a second": time.Second} {
		t.Run(name, func(t *testing.T) {
			report := check(t, lockingOut(lock), nil)
			for _, result := range report.Results {
				if result.Case.Group == GroupForgery && result.Verdict != Inconclusive {
					t.Errorf("%s %s", result.Case.ID, result.Verdict)
				}
				if result.Case.Group == GroupValid && result.Verdict != Passed {
					t.Errorf("%s %s", result.Case.ID, result.Verdict)
				}
			}
			if got := resultOf(t, report, "end.alive"); (got.Verdict == Passed) != (lock < time.Minute) {
				t.Errorf("end.alive %s: %s", got.Verdict, got.Reason)
			}
		})
	}
}

// lockingOut refuses everything for a while after a request without a signature.
func lockingOut(lock time.Duration) http.Handler {
	right := &rules{}
	var mu sync.Mutex
	var until time.Time
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if r.Method == http.MethodPost && r.Header.Get("X-Webhook-Signature") == "" && until.IsZero() {
			until = time.Now().Add(lock)
		}
		locked := time.Now().Before(until)
		mu.Unlock()
		if locked {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		right.ServeHTTP(w, r)
	})
}
