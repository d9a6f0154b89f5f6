package delivery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// numbered makes events with an id of their own and counts them.
func numbered(made *atomic.Int64) Source {
	return func(context.Context) (Message, error) {
		id := fmt.Sprintf("evt_%d", made.Add(1))
		return Message{ID: id, Body: fmt.Appendf(nil, `{"id":%q}`, id)}, nil
	}
}

func TestEveryRequestOfALoadIsItsOwnEventAndSigned(t *testing.T) {
	for name, transport := range map[string]http.RoundTripper{
		"over connections of the lanes": nil,
		"through the transport":         roundTripFunc(http.DefaultTransport.RoundTrip),
	} {
		t.Run(name, func(t *testing.T) {
			defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
			verifier, err := signature.NewVerifier(signature.Options{Secret: newSecret(t, secretText)})
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			seen := map[string]int{}
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err == nil {
					_, err = verifier.Verify(r.Header.Values(signature.HeaderName), body, time.Now())
				}
				if err != nil {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				seen[string(body)]++
			})
			var made atomic.Int64
			client := newClient(t, Options{Endpoint: server.URL, Transport: transport})
			report, err := client.Load(t.Context(), Plan{Count: 500, Concurrency: 8}, numbered(&made), nil)
			if err != nil {
				t.Fatal(err)
			}
			if made.Load() != 500 || len(seen) != 500 || report.Sent != 500 || report.OK != 500 || report.Statuses[200] != 500 {
				t.Errorf("%d made, %d arrived, %+v", made.Load(), len(seen), report)
			}
			for body, n := range seen {
				if n != 1 {
					t.Errorf("%s arrived %d times", body, n)
				}
			}
			if report.Latency.Samples != 500 || report.Latency != report.Service || report.Throughput <= 0 || report.Interrupted || report.First != nil {
				t.Errorf("got %+v", report)
			}
		})
	}
}

func TestWhatALoadCounts(t *testing.T) {
	var turn atomic.Int64
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		switch turn.Add(1) % 4 {
		case 0:
			w.WriteHeader(http.StatusInternalServerError)
		case 1:
			w.WriteHeader(http.StatusAccepted)
		case 2:
			panic(http.ErrAbortHandler)
		}
	})
	client := newClient(t, Options{Endpoint: server.URL})
	report, err := client.Load(t.Context(), Plan{Count: 40, Concurrency: 1}, sourceOf(event()), nil)
	if err != nil {
		t.Fatal(err)
	}
	// A connection that had carried a request and is closed without a word is tried once more, so each second turn of four
	// costs none.
	want := map[int]int64{202: 14, 200: 13, 500: 13}
	if diff := cmp.Diff(want, report.Statuses); diff != "" {
		t.Error(diff)
	}
	if report.Sent != 40 || report.OK != 27 || report.Failed() != 13 || len(report.Errors) > 0 || report.BytesOut != 40*int64(len(eventBody)) {
		t.Errorf("got %+v", report)
	}
	var status *StatusError
	if !errors.As(report.First, &status) || status.Status != 500 {
		t.Errorf("the first failure is %v", report.First)
	}
}

// TestALoadMeasuresFromWhenARequestWasDue lets the endpoint stand still once: what was due meanwhile has waited, although the
// endpoint was quick once it was asked (coordinated omission).
func TestALoadMeasuresFromWhenARequestWasDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 200, takes: time.Second}, {status: 200}}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		report, err := client.Load(t.Context(), Plan{Count: 20, Rate: 10, Concurrency: 1}, sourceOf(event()), nil)
		if err != nil {
			t.Fatal(err)
		}
		if report.Elapsed != 1900*time.Millisecond {
			t.Errorf("20 at 10 a second took %v", report.Elapsed)
		}
		// One of 20 took a second. Nine more were due while it did and waited 900, 800, … 100 ms.
		if report.Service.P95 > time.Millisecond || report.Service.Max < 999*time.Millisecond {
			t.Errorf("service %+v", report.Service)
		}
		if report.Latency.P90.Round(10*time.Millisecond) != 800*time.Millisecond || report.Latency.P50 > time.Millisecond || report.Latency.Max < 999*time.Millisecond {
			t.Errorf("latency %+v", report.Latency)
		}
		want := []time.Duration{0}
		for range 10 {
			want = append(want, time.Second)
		}
		for tenth := 11; tenth < 20; tenth++ {
			want = append(want, time.Duration(tenth)*100*time.Millisecond)
		}
		if diff := cmp.Diff(want, endpoint.times()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestALoadEndsWithItsDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 200, takes: 300 * time.Millisecond}}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		report, err := client.Load(t.Context(), Plan{Duration: time.Second}, sourceOf(event()), nil)
		if err != nil {
			t.Fatal(err)
		}
		// The fourth begins at 900 ms and is waited for.
		if report.Sent != 4 || report.OK != 4 || report.Elapsed != 1200*time.Millisecond || report.Interrupted || report.Cut != 0 {
			t.Errorf("got %+v", report)
		}
	})
}

func TestSlowAnswersOfALoadAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{
			{status: 200, takes: 6 * time.Second}, {status: 200, takes: 5 * time.Second}, {status: 200, takes: time.Minute}, {status: 200},
		}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		report, err := client.Load(t.Context(), Plan{Count: 4}, sourceOf(event()), nil)
		if err != nil {
			t.Fatal(err)
		}
		if report.Slow != 2 || report.SlowShare() != 0.5 || report.Errors[KindTimeout] != 1 || report.Latency.Samples != 4 {
			t.Errorf("got %+v", report)
		}
	})
}

func TestAnInterruptedLoadWaitsAShortTime(t *testing.T) {
	for name, tt := range map[string]struct {
		takes     time.Duration
		sent, cut int64
		elapsed   time.Duration
	}{
		"for what ends soon":              {2 * time.Second, 3, 0, 2 * time.Second},
		"and cuts what does not off":      {time.Minute, 0, 3, 3 * time.Second},
		"and goes at once if all is done": {0, 3, 0, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				client := newClient(t, Options{Endpoint: "http://localhost/", Transport: roundTripFunc(func(r *http.Request) (*http.Response, error) {
					if err := sleep(r.Context(), tt.takes); err != nil {
						return nil, err
					}
					return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
				})})
				var made atomic.Int64
				source := func(ctx context.Context) (Message, error) {
					if made.Add(1) > 3 {
						<-ctx.Done()
						return Message{}, ctx.Err()
					}
					return event(), nil
				}
				report, err := client.Load(ctx, Plan{Count: 6, Concurrency: 3}, source, nil)
				if err != nil {
					t.Fatal(err)
				}
				if !report.Interrupted || report.Sent != tt.sent || report.Cut != tt.cut || report.Elapsed != tt.elapsed || report.Failed() != 0 {
					t.Errorf("got %+v", report)
				}
			})
		})
	}
}

// TestAnInterruptedLoadCutsItsConnections does the same over real connections, at an endpoint that never answers.
func TestAnInterruptedLoadCutsItsConnections(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var open sync.WaitGroup
	open.Add(4)
	endpoint := serveRaw(t, func(conn net.Conn, _ int) {
		open.Done()
		_, _ = io.Copy(io.Discard, conn)
	})
	go func() {
		open.Wait()
		cancel()
	}()
	report, err := newClient(t, Options{Endpoint: endpoint}).Load(ctx, Plan{Concurrency: 4}, sourceOf(event()), nil)
	if err != nil {
		t.Fatal(err)
	}
	if report.Cut != 4 || report.Sent != 0 || !report.Interrupted || len(report.Errors) > 0 {
		t.Errorf("got %+v", report)
	}
}

func TestASourceEndsALoad(t *testing.T) {
	broken := errors.New("no more ids")
	for name, tt := range map[string]struct{ ends, want error }{
		"in good order with io.EOF":   {io.EOF, nil},
		"with an error of its own":    {broken, broken},
		"in order with a wrapped EOF": {fmt.Errorf("end of file: %w", io.EOF), nil},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(http.ResponseWriter, *http.Request) {})
			var made atomic.Int64
			source := func(context.Context) (Message, error) {
				if made.Add(1) > 20 {
					return Message{}, tt.ends
				}
				return event(), nil
			}
			report, err := newClient(t, Options{Endpoint: server.URL}).Load(t.Context(), Plan{Concurrency: 3}, source, nil)
			if !errors.Is(err, tt.want) || report.Sent != 20 || report.OK != 20 {
				t.Errorf("got %v and %+v", err, report)
			}
		})
	}
}

func TestProgressGoesOnToTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endpoint := &script{answers: []scripted{{status: 500, takes: 250 * time.Millisecond}, {status: 200, takes: 250 * time.Millisecond}}}
		client := newClient(t, Options{Endpoint: "http://localhost/", Transport: endpoint})
		plan := Plan{Count: 2}
		var got []Progress
		if _, err := client.Load(t.Context(), plan, sourceOf(event()), func(p Progress) { got = append(got, p) }); err != nil {
			t.Fatal(err)
		}
		const ms = time.Millisecond
		want := []Progress{
			{0, 0, 100 * ms, plan}, {0, 0, 200 * ms, plan}, {1, 0, 300 * ms, plan}, {1, 0, 400 * ms, plan}, {2, 1, 500 * ms, plan},
		}
		// At 500 ms the run ends and a tick is due; which is first is open.
		if len(got) > len(want) {
			got = append(got[:4], got[len(got)-1])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPlansThatAreRefused(t *testing.T) {
	client := newClient(t, Options{Endpoint: "http://" + closedPort(t)})
	for name, tt := range map[string]struct {
		plan   Plan
		option string
	}{
		"a negative count":         {Plan{Count: -1}, "count"},
		"a negative duration":      {Plan{Duration: -1}, "duration"},
		"a negative rate":          {Plan{Rate: -1}, "rate"},
		"a rate without end":       {Plan{Rate: 1e300}, "rate"},
		"a negative concurrency":   {Plan{Concurrency: -1}, "concurrency"},
		"more than can be carried": {Plan{Concurrency: 10_001}, "concurrency"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.Load(t.Context(), tt.plan, sourceOf(event()), nil)
			var refused *OptionError
			if !errors.As(err, &refused) || refused.Option != tt.option {
				t.Errorf("got %v, want an OptionError about %s", err, tt.option)
			}
		})
	}
}
