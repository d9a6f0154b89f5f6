package tunnel_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// behind counts what a door lets through, and reads it.
type behind struct {
	passed atomic.Int64
	broken atomic.Int64
}

func (b *behind) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.passed.Add(1)
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		b.broken.Add(1)
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
	}
}

func TestOnlyWhatMayBeAWebhookPasses(t *testing.T) {
	const path = "/webhooks/pocketbook"
	for _, test := range []struct {
		name, method, target string
		body                 io.Reader
		want                 int
	}{
		{"a webhook", "POST", path, strings.NewReader("{}"), 200},
		{"a webhook with a query", "POST", path + "?a=b", strings.NewReader("{}"), 200},
		{"a browser", "GET", path, nil, 405},
		{"a browser that looks first", "HEAD", path, nil, 405},
		{"a preflight request", "OPTIONS", path, nil, 405},
		{"another method", "PUT", path, strings.NewReader("{}"), 405},
		{"a tunnel through the tunnel", "CONNECT", "http://internal.example:443", nil, 405},
		{"another path", "POST", "/admin", strings.NewReader("{}"), 404},
		{"the path and more", "POST", path + "/", strings.NewReader("{}"), 404},
		{"a way round to another path", "POST", path + "/../admin", strings.NewReader("{}"), 404},
		{"the path in escapes", "POST", "/webhooks%2fpocketbook/x", strings.NewReader("{}"), 404},
		{"another host's URL", "POST", "http://internal.example/admin", strings.NewReader("{}"), 404},
		{"a guess at the probe", "POST", "/.well-known/pbhook-probe/AAAAAAAAAAAAAAAAAAAAAAAAAA", nil, 404},
		{"the probe without a question", "POST", "/.well-known/pbhook-probe/", nil, 404},
		{"a body as large as it may be", "POST", path, bytes.NewReader(make([]byte, 1<<10)), 200},
		{"a body that is announced too large", "POST", path, bytes.NewReader(make([]byte, 2<<10)), 413},
		{"a body that turns out too large", "POST", path, io.MultiReader(bytes.NewReader(make([]byte, 2<<10))), 413},
	} {
		t.Run(test.name, func(t *testing.T) {
			next := new(behind)
			door := tunnel.NewDoor(next, tunnel.DoorOptions{Path: path, MaxBody: 1 << 10})
			recorder := httptest.NewRecorder()
			door.ServeHTTP(recorder, httptest.NewRequest(test.method, test.target, test.body))
			if recorder.Code != test.want {
				t.Errorf("answered %d, want %d", recorder.Code, test.want)
			}
			if passed := next.passed.Load() - next.broken.Load(); passed == 1 != (test.want == 200) {
				t.Errorf("%d whole requests passed", passed)
			}
			if kind := recorder.Header().Get("Content-Type"); next.passed.Load() == 0 && kind != "application/json" {
				t.Errorf("the answer is %q, want application/json", kind)
			}
			if end := recorder.Header().Get("Connection"); next.passed.Load() == 0 && end != "close" {
				t.Errorf("Connection = %q, so the rest of the body would be read", end)
			}
			if test.want == 405 && recorder.Header().Get("Allow") != "POST" {
				t.Errorf("Allow = %q, want POST", recorder.Header().Get("Allow"))
			}
		})
	}
}

func TestWithoutAPathEveryPathIsOpen(t *testing.T) {
	next := new(behind)
	recorder := httptest.NewRecorder()
	tunnel.NewDoor(next, tunnel.DoorOptions{}).ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/any/where", nil))
	if recorder.Code != 200 || next.passed.Load() != 1 {
		t.Errorf("answered %d, want 200", recorder.Code)
	}
}

func TestAnAnswerHoldsNothingOfTheRequest(t *testing.T) {
	door := tunnel.NewDoor(new(behind), tunnel.DoorOptions{Path: "/hook"})
	for _, method := range []string{"GET", "POST"} {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest(method, "/%3Cscript%3Ealert(1)%3C/script%3E?<script>", nil)
		request.Header.Set("Accept", "text/html")
		door.ServeHTTP(recorder, request)
		if body := recorder.Body.String(); strings.Contains(body, "script") || recorder.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s was answered %q, %v", method, body, recorder.Header())
		}
	}
}

func TestTooManyRequestsAreToldWhenToComeBack(t *testing.T) {
	now := time.Unix(1640995300, 0)
	next := new(behind)
	door := tunnel.NewDoor(next, tunnel.DoorOptions{Rate: 0.4, Burst: 3, Now: func() time.Time { return now }})
	ask := func(method string) *httptest.ResponseRecorder {
		recorder := httptest.NewRecorder()
		door.ServeHTTP(recorder, httptest.NewRequest(method, "/hook", nil))
		return recorder
	}
	ask("POST")
	ask("POST")
	ask("GET") // what is refused counts as well
	for range 3 {
		got := ask("POST")
		if got.Code != 429 || got.Header().Get("Retry-After") != "3" {
			t.Errorf("above the limit: %d, Retry-After %q, want 429 and 3", got.Code, got.Header().Get("Retry-After"))
		}
	}
	now = now.Add(3 * time.Second)
	if got := ask("POST"); got.Code != 200 {
		t.Errorf("after the time that was told: %d, want 200", got.Code)
	}
	if got := next.passed.Load(); got != 3 {
		t.Errorf("%d requests passed, want 3", got)
	}
}

func TestTooManyRequestsAtTheSameTimeAreRefused(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	door := tunnel.NewDoor(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-leave
	}), tunnel.DoorOptions{Concurrency: 2})
	var requests sync.WaitGroup
	for range 2 {
		requests.Go(func() { door.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil)) })
		<-entered
	}
	recorder := httptest.NewRecorder()
	door.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/", nil))
	if recorder.Code != 429 || recorder.Header().Get("Retry-After") == "" {
		t.Errorf("the third got %d, want 429 with Retry-After", recorder.Code)
	}
	close(leave)
	requests.Wait()
	go func() { <-entered }()
	recorder = httptest.NewRecorder()
	door.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/", nil))
	if recorder.Code != 200 {
		t.Errorf("when the others had left: %d, want 200", recorder.Code)
	}
}

func TestConfirmIsAnsweredByItsOwnDoorOnly(t *testing.T) {
	transport := new(http.Transport)
	defer transport.CloseIdleConnections()
	next := new(behind)
	door := tunnel.NewDoor(next, tunnel.DoorOptions{Path: "/hook"})
	own := httptest.NewServer(door)
	defer own.Close()
	if err := door.Confirm(t.Context(), transport, own.URL+"/hook?x=y"); err != nil {
		t.Errorf("through its own door: %v", err)
	}
	if next.passed.Load() != 0 {
		t.Error("the probe went on to the handler")
	}

	var followed atomic.Bool
	for name, handler := range map[string]http.Handler{
		"another door":                   tunnel.NewDoor(next, tunnel.DoorOptions{}),
		"a server that agrees to all":    http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		"a server that repeats the path": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) }),
		"a server that sends elsewhere": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			followed.Store(followed.Load() || strings.HasPrefix(r.URL.Path, "/away"))
			http.Redirect(w, r, "/away"+r.URL.Path, http.StatusTemporaryRedirect)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			other := httptest.NewServer(handler)
			defer other.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			err := door.Confirm(ctx, transport, other.URL)
			var confirm *tunnel.ConfirmError
			if !errors.As(err, &confirm) || confirm.Status == 0 {
				t.Errorf("Confirm() = %v, want a *ConfirmError with a status", err)
			}
		})
	}
	if followed.Load() {
		t.Error("a redirect was followed")
	}
}

func TestConfirmTriesUntilTheURLLeadsHere(t *testing.T) {
	door := tunnel.NewDoor(new(behind), tunnel.DoorOptions{})
	asked := 0
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		if asked++; asked == 1 {
			return nil, errors.New("no such host")
		}
		if !strings.HasPrefix(r.URL.Path, "/.well-known/") || r.URL.RawQuery != "" || r.URL.Fragment != "" || r.URL.RawPath != "" {
			t.Errorf("asked for %s", r.URL)
		}
		recorder := httptest.NewRecorder()
		door.ServeHTTP(recorder, r)
		if recorder.Header().Get("Cache-Control") != "no-store" {
			t.Error("somebody on the way may keep the answer for another process")
		}
		return recorder.Result(), nil
	})
	if err := door.Confirm(t.Context(), transport, "https://new.example/a%2fb?x=y#z"); err != nil || asked != 2 {
		t.Errorf("Confirm() = %v after %d requests, want nil after 2", err, asked)
	}
}

func TestConfirmSaysWhyTheURLDoesNotLeadHere(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	transport := roundTrip(func(*http.Request) (*http.Response, error) {
		cancel()
		return nil, errors.New("no such host")
	})
	err := tunnel.NewDoor(new(behind), tunnel.DoorOptions{}).Confirm(ctx, transport, "https://new.example")
	if err == nil || !strings.Contains(err.Error(), "https://new.example does not lead here: no such host") {
		t.Errorf("Confirm() = %v, want the reason", err)
	}
}

// The end of the time says less than what went wrong before it.
func TestConfirmKeepsTheReasonWhenTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		asked := 0
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			if asked++; asked == 1 {
				return nil, errors.New("no such host")
			}
			cancel()
			return nil, r.Context().Err()
		})
		err := tunnel.NewDoor(new(behind), tunnel.DoorOptions{}).Confirm(ctx, transport, "https://new.example")
		if err == nil || asked != 2 || !strings.Contains(err.Error(), "no such host") {
			t.Errorf("Confirm() = %v after %d requests", err, asked)
		}
	})
}

func TestConfirmWaitsTenSecondsForOneAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
		defer cancel()
		asked := 0
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			asked++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		if err := tunnel.NewDoor(new(behind), tunnel.DoorOptions{}).Confirm(ctx, transport, "https://new.example"); err == nil || asked != 3 {
			t.Errorf("Confirm() = %v after %d requests, want 3", err, asked)
		}
	})
}

// endless gives zeros and counts them.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read += len(p); e.read > 1<<20 {
		return 0, io.EOF
	}
	return len(p), nil
}

func TestConfirmReadsNoMoreOfAnAnswerThanItsOwnWouldBe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	body := new(endless)
	transport := roundTrip(func(*http.Request) (*http.Response, error) {
		cancel()
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(body)}, nil
	})
	err := tunnel.NewDoor(new(behind), tunnel.DoorOptions{}).Confirm(ctx, transport, "https://new.example")
	if err == nil || body.read > 64<<10 {
		t.Errorf("Confirm() = %v after %d bytes", err, body.read)
	}
}

func TestTheDefaultServerKeepsToItsLimits(t *testing.T) {
	got := tunnel.DefaultServer(nil)
	if got.ReadHeaderTimeout != 5*time.Second || got.ReadTimeout != 15*time.Second || got.WriteTimeout != time.Minute ||
		got.IdleTimeout != time.Minute || got.MaxHeaderBytes != 16<<10 {
		t.Errorf("got %+v", got)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
