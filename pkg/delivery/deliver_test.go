package delivery

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// arrival is one request at the endpoint of a script.
type arrival struct {
	After     time.Duration // since the first
	Signature string
	Body      string
}

// script is an endpoint in memory, so that time can be made up around it. It gives one answer after another and the last
// one again and again.
type script struct {
	answers  []scripted
	begun    time.Time
	arrivals []arrival
}

type scripted struct {
	status     int // 0 breaks the connection
	retryAfter string
	takes      time.Duration
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.arrivals == nil {
		s.begun = time.Now()
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	answer := s.answers[min(len(s.arrivals), len(s.answers)-1)]
	s.arrivals = append(s.arrivals, arrival{time.Since(s.begun), r.Header.Get(signature.HeaderName), string(body)})
	if err := sleep(r.Context(), answer.takes); err != nil {
		return nil, err
	}
	if answer.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	header := http.Header{}
	if answer.retryAfter != "" {
		header.Set("Retry-After", answer.retryAfter)
	}
	return &http.Response{StatusCode: answer.status, Proto: "HTTP/1.1", Header: header, Body: http.NoBody}, nil
}

func (s *script) times() []time.Duration {
	var times []time.Duration
	for _, a := range s.arrivals {
		times = append(times, a.After)
	}
	return times
}

func TestWhenAttemptsAreMade(t *testing.T) {
	fail := scripted{status: 500}
	for name, tt := range map[string]struct {
		answers []scripted
		policy  Policy
		want    []time.Duration
		ok      bool
	}{
		"once when it is taken": {
			[]scripted{{status: 200}}, Policy{Retries: 9}, []time.Duration{0}, true,
		},
		"until it is taken": {
			[]scripted{fail, {status: 0}, {status: 204}}, Policy{Retries: 9, Schedule: []time.Duration{5 * time.Second, time.Minute}},
			[]time.Duration{0, 5 * time.Second, 65 * time.Second}, true,
		},
		"as often as the policy says": {
			[]scripted{fail}, Policy{Retries: 3, Schedule: []time.Duration{time.Second, time.Minute}},
			[]time.Duration{0, time.Second, 61 * time.Second, 121 * time.Second}, false,
		},
		"over three days by the standard": {
			[]scripted{fail}, Policy{Retries: 9},
			[]time.Duration{
				0, 5 * time.Second, 5*time.Minute + 5*time.Second, 35*time.Minute + 5*time.Second, 2*time.Hour + 35*time.Minute + 5*time.Second,
				7*time.Hour + 35*time.Minute + 5*time.Second, 17*time.Hour + 35*time.Minute + 5*time.Second, 31*time.Hour + 35*time.Minute + 5*time.Second,
				51*time.Hour + 35*time.Minute + 5*time.Second, 75*time.Hour + 35*time.Minute + 5*time.Second,
			}, false,
		},
		"a thousand times faster when scaled": {
			[]scripted{fail}, Policy{Retries: 2, TimeScale: 0.001}, []time.Duration{0, 5 * time.Millisecond, 305 * time.Millisecond}, false,
		},
		"never again after 410": {
			[]scripted{fail, {status: 410}, {status: 200}}, Policy{Retries: 9}, []time.Duration{0, 5 * time.Second}, false,
		},
		"when the endpoint asks for it": {
			[]scripted{{status: 503, retryAfter: "90"}, {status: 429, retryAfter: "1"}, {status: 200}}, Policy{Retries: 9},
			[]time.Duration{0, 90 * time.Second, 91 * time.Second}, true,
		},
		"the delay counts from the end of the answer": {
			[]scripted{{status: 500, takes: 7 * time.Second}, {status: 200}}, Policy{Retries: 1}, []time.Duration{0, 12 * time.Second}, true,
		},
		"again after a timeout": {
			[]scripted{{status: 200, takes: time.Minute}, {status: 200}}, Policy{Retries: 1}, []time.Duration{0, 35 * time.Second}, true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				endpoint := &script{answers: tt.answers}
				client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
				delivery := client.Deliver(t.Context(), event(), tt.policy, Observer{})
				if diff := cmp.Diff(tt.want, endpoint.times()); diff != "" {
					t.Error(diff)
				}
				if delivery.OK() != tt.ok || len(delivery.Attempts) != len(tt.want) || delivery.Last().Number != len(tt.want) {
					t.Errorf("got %+v", delivery)
				}
			})
		})
	}
}

func TestEachAttemptIsSignedAnewOverTheSameBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 500}}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		delivery := client.Deliver(t.Context(), event(), Policy{Retries: 2}, Observer{})
		verifier, err := signature.NewVerifier(signature.Options{Secret: newSecret(t, secretText)})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for i, a := range endpoint.arrivals {
			if a.Body != eventBody {
				t.Errorf("attempt %d carries %s", i+1, a.Body)
			}
			if seen[a.Signature] {
				t.Errorf("attempt %d repeats the signature %s", i+1, a.Signature)
			}
			seen[a.Signature] = true
			if _, err := verifier.Verify([]string{a.Signature}, []byte(a.Body), endpoint.begun.Add(a.After)); err != nil {
				t.Errorf("attempt %d: %v", i+1, err)
			}
			if sent := delivery.Attempts[i].Request.Values(signature.HeaderName); len(sent) != 1 || sent[0] != a.Signature {
				t.Errorf("attempt %d says it sent %s", i+1, sent)
			}
		}
		if len(seen) != 3 {
			t.Errorf("%d attempts", len(seen))
		}
	})
}

func TestEachAttemptIsObservedBeforeItsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 503, retryAfter: "7"}, {status: 500}, {status: 200}}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		type seen struct {
			At     time.Duration
			Number int
			Next   *Wait
		}
		var got []seen
		begun := time.Now()
		client.Deliver(t.Context(), event(), Policy{Retries: 5}, Observer{Ended: func(a Attempt) {
			got = append(got, seen{time.Since(begun), a.Number, a.Next})
		}})
		want := []seen{
			{0, 1, &Wait{Delay: 7 * time.Second, Sleep: 7 * time.Second, RetryAfter: true}},
			{7 * time.Second, 2, &Wait{Delay: 5 * time.Minute, Sleep: 5 * time.Minute}},
			{307 * time.Second, 3, nil},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A slow endpoint must not keep what is being sent from being seen.
func TestEachRequestIsObservedBeforeItLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 500, takes: 7 * time.Second}, {status: 200, takes: 7 * time.Second}}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		begun := time.Now()
		var got []time.Duration
		delivery := client.Deliver(t.Context(), event(), Policy{Retries: 1}, Observer{Sending: func(a Attempt) {
			got = append(got, time.Since(begun))
			if a.Number != len(got) || a.Status != 0 || a.Started != time.Now() || a.Request.Values(signature.HeaderName) == nil {
				t.Errorf("request %d is told of as %+v", len(got), a)
			}
		}})
		if diff := cmp.Diff([]time.Duration{0, 12 * time.Second}, got); diff != "" || !delivery.OK() {
			t.Errorf("%v, %s", delivery.Err(), diff)
		}
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 500}}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		begun := time.Now()
		delivery := client.Deliver(ctx, event(), Policy{Retries: 9}, Observer{})
		if time.Since(begun) != time.Hour {
			t.Errorf("it ended after %v", time.Since(begun))
		}
		if !errors.Is(delivery.Err(), context.DeadlineExceeded) || delivery.Interrupted == nil || len(delivery.Attempts) != 4 {
			t.Errorf("got %v after %d attempts", delivery.Err(), len(delivery.Attempts))
		}
		var status *StatusError
		if !errors.As(delivery.Last().Err, &status) {
			t.Errorf("the last attempt ended with %v", delivery.Last().Err)
		}
	})
}

func TestAnAttemptThatIsInterruptedEndsTheDelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 200, takes: time.Minute}}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		delivery := client.Deliver(ctx, event(), Policy{Retries: 9}, Observer{})
		if !errors.Is(delivery.Interrupted, context.Canceled) || len(delivery.Attempts) != 1 || delivery.OK() {
			t.Errorf("got %+v", delivery)
		}
	})
}

func TestATimeoutIsTheEndpointsAndNotAnInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 200, takes: time.Minute}}}
		client := newClient(t, Options{Endpoint: "http://localhost:3000/", Transport: endpoint, Timeout: 7 * time.Second})
		delivery := client.Deliver(t.Context(), event(), Policy{}, Observer{})
		var unreachable *UnreachableError
		if !errors.As(delivery.Err(), &unreachable) || delivery.Interrupted != nil {
			t.Fatalf("got %v", delivery.Err())
		}
		if unreachable.Kind != KindTimeout || unreachable.After != 7*time.Second || !strings.Contains(unreachable.Error(), "localhost:3000 after 7s") {
			t.Errorf("got %v", unreachable)
		}
	})
}
