package delivery

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestWhatAnAnswerMeans(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		ok     bool
	}{
		"200 is success":         {200, true},
		"202 is success":         {202, true},
		"204 is success":         {204, true},
		"299 is success":         {299, true},
		"300 is a failure":       {300, false},
		"304 is a failure":       {304, false},
		"307 is a failure":       {307, false},
		"400 is a failure":       {400, false},
		"401 is a failure":       {401, false},
		"410 is a failure":       {410, false},
		"500 is a failure":       {500, false},
		"a status of one's own ": {599, false},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Trace", "abc")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, "because")
			})
			attempt := newClient(t, Options{Endpoint: server.URL}).Attempt(t.Context(), event(), 3)
			if attempt.OK() != tt.ok || attempt.Status != tt.status || attempt.Number != 3 || attempt.Header.Get("X-Trace") != "abc" {
				t.Errorf("got %+v", attempt)
			}
			if tt.ok {
				return
			}
			var status *StatusError
			if !errors.As(attempt.Err, &status) || status.Status != tt.status || !strings.Contains(status.Error(), strconv.Itoa(tt.status)) {
				t.Fatalf("got %v, want a StatusError", attempt.Err)
			}
			if tt.status != http.StatusNotModified && string(status.Body) != "because" {
				t.Errorf("body %q", status.Body)
			}
			var redirect *RedirectError
			if errors.As(attempt.Err, &redirect) != (tt.status < 400) {
				t.Errorf("%d is %T", tt.status, attempt.Err)
			}
		})
	}
}

func TestRedirectsAreNeverFollowed(t *testing.T) {
	var seen atomic.Int64
	target := serve(t, func(http.ResponseWriter, *http.Request) { seen.Add(1) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", target.URL+"/elsewhere")
			w.WriteHeader(status)
		})
		client := newClient(t, Options{Endpoint: server.URL})
		var redirect *RedirectError
		err := client.Attempt(t.Context(), event(), 1).Err
		if !errors.As(err, &redirect) || redirect.Location != target.URL+"/elsewhere" || redirect.Status != status {
			t.Errorf("%d: got %v", status, err)
		}
		report, err := client.Load(t.Context(), Plan{Count: 3, Concurrency: 2}, sourceOf(event()), nil)
		if err != nil || report.Statuses[status] != 3 || report.OK != 0 {
			t.Errorf("%d: a load got %+v, %v", status, report, err)
		}
	}
	if seen.Load() > 0 {
		t.Errorf("%d requests reached the target of a redirect", seen.Load())
	}
}

func TestAnswersAreBounded(t *testing.T) {
	for name, tt := range map[string]struct {
		size      int
		kept      int
		truncated bool
	}{
		"a short body is kept whole":      {100, 100, false},
		"64 KiB are kept whole":           {64 << 10, 64 << 10, false},
		"of more the beginning is kept":   {64<<10 + 1, 64 << 10, true},
		"of a megabyte too":               {maxDrained, maxKept, true},
		"of more than is read still that": {maxDrained + 1, maxKept, true},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, strings.Repeat("x", tt.size))
			})
			attempt := newClient(t, Options{Endpoint: server.URL}).Attempt(t.Context(), event(), 1)
			if attempt.Err != nil || len(attempt.Body) != tt.kept || attempt.BodyTruncated != tt.truncated {
				t.Errorf("got %d bytes, truncated %v, error %v", len(attempt.Body), attempt.BodyTruncated, attempt.Err)
			}
		})
	}
}

// TestAnEndlessAnswerIsLeft serves as long as the client reads, and counts.
func TestAnEndlessAnswerIsLeft(t *testing.T) {
	written := make(chan int64, 2)
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		var n int64
		for chunk := make([]byte, 64<<10); ; {
			m, err := w.Write(chunk)
			n += int64(m)
			if err != nil || n > 1<<30 {
				written <- n
				return
			}
		}
	})
	client := newClient(t, Options{Endpoint: server.URL})
	if attempt := client.Attempt(t.Context(), event(), 1); attempt.Err != nil || !attempt.BodyTruncated {
		t.Errorf("got truncated %v, error %v", attempt.BodyTruncated, attempt.Err)
	}
	report, err := client.Load(t.Context(), Plan{Count: 1}, sourceOf(event()), nil)
	if err != nil || report.OK != 1 {
		t.Errorf("a load got %+v, %v", report, err)
	}
	const socketBuffers = 16 << 20
	for range 2 {
		if n := <-written; n > maxDrained+socketBuffers {
			t.Errorf("%d bytes were read of an answer without end", n)
		}
	}
}

func TestAnAttemptEndsWithItsContext(t *testing.T) {
	client := newClient(t, Options{Endpoint: hang(t)})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	attempt := client.Attempt(ctx, event(), 1)
	var unreachable *UnreachableError
	if !errors.Is(attempt.Err, context.Canceled) || errors.As(attempt.Err, &unreachable) {
		t.Errorf("got %v, which blames the endpoint", attempt.Err)
	}
}

func TestSlowAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		attempt Attempt
		want    bool
	}{
		"five seconds are allowed":     {Attempt{Status: 200, Duration: 5 * time.Second}, false},
		"more are slow":                {Attempt{Status: 200, Duration: 5*time.Second + 1}, true},
		"a failure can be slow":        {Attempt{Status: 500, Duration: 6 * time.Second}, true},
		"no answer is not a slow one ": {Attempt{Duration: 30 * time.Second}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.attempt.Slow(); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestTheTimeThatIsSignedIsTheOneGiven(t *testing.T) {
	at := time.Unix(1700000000, 0)
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	attempt := newClient(t, Options{Endpoint: server.URL, Now: clock(at)}).Attempt(t.Context(), event(), 1)
	if !attempt.Started.Equal(at) || !attempt.Request.Time.Equal(at) || !strings.HasPrefix(attempt.Request.Values("X-Webhook-Signature")[0], "t=1700000000,") {
		t.Errorf("got %+v", attempt)
	}
}

func TestATimeThatCannotBeSignedIsNoFaultOfTheEndpoint(t *testing.T) {
	client := newClient(t, Options{Endpoint: "http://" + closedPort(t), Now: clock(time.Unix(-5, 0))})
	delivery := client.Deliver(t.Context(), event(), Policy{Retries: 3}, Observer{})
	if len(delivery.Attempts) != 1 || delivery.Err() == nil || delivery.Interrupted != nil {
		t.Errorf("got %+v", delivery)
	}
	report, err := client.Load(t.Context(), Plan{Count: 3}, sourceOf(event()), nil)
	if err == nil || report.Sent != 0 {
		t.Errorf("a load got %+v, %v", report, err)
	}
}

func sourceOf(m Message) Source {
	return func(context.Context) (Message, error) { return m, nil }
}
