package probe

import (
	"bytes"
	"context"
	"errors"
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
)

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
	if got := resultOf(t, report, "time.fast"); !strings.Contains(got.Reason, "1 valid events were not answered within 30s") {
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
