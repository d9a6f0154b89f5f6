package forward_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// wire is a target that keeps the bytes of one request.
func wire(t *testing.T) (url string, message <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	messages := make(chan string, 1)
	go func() {
		defer close(messages)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var bytes strings.Builder
		request, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &bytes)))
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		messages <- bytes.String()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	}()
	return "http://" + listener.Addr().String(), messages
}

func TestWhatIsOnTheWire(t *testing.T) {
	for name, tt := range map[string]struct {
		header      []capture.Field
		credentials bool
		want        []string
	}{
		"names keep their case, and lines of one name their order": {
			header: []capture.Field{{Name: "X-TAG", Value: "b"}, {Name: "x-tag", Value: "a"}, {Name: "content-type", Value: "text/x"}},
			want:   []string{"X-TAG: b", "X-TAG: a", "content-type: text/x"},
		},
		"the signature stays, its lines too": {
			header: []capture.Field{{Name: "X-Webhook-Signature", Value: "t=1,v1=00"}, {Name: "x-webhook-signature", Value: ""}},
			want:   []string{"X-Webhook-Signature: t=1,v1=00", "X-Webhook-Signature: "},
		},
		"the agent is that of the sender": {
			header: []capture.Field{{Name: "user-agent", Value: "Pocketbook/1"}}, want: []string{"User-Agent: Pocketbook/1"},
		},
		"without a header none is made up": {},
		"a body that is compressed stays so": {
			header: []capture.Field{{Name: "Content-Encoding", Value: "gzip"}, {Name: "Accept-Encoding", Value: "br"}},
			want:   []string{"Accept-Encoding: br", "Content-Encoding: gzip"},
		},
		"lines of the connection end here": {
			header: []capture.Field{
				{Name: "Connection", Value: "close, X-Once"}, {Name: "connection", Value: "x-twice"}, {Name: "X-Once", Value: "1"},
				{Name: "X-Twice", Value: "2"}, {Name: "Keep-Alive", Value: "5"}, {Name: "TE", Value: "trailers"}, {Name: "Upgrade", Value: "h2c"},
				{Name: "Proxy-Authorization", Value: "secret"}, {Name: "Expect", Value: "100-continue"}, {Name: "Trailer", Value: "X"},
				{Name: "Transfer-Encoding", Value: "chunked"}, {Name: "X-Stays", Value: "3"},
			},
			want: []string{"X-Stays: 3"},
		},
		"the host and the length of the sender end here": {
			header: []capture.Field{{Name: "Host", Value: "evil.example"}, {Name: "Content-Length", Value: "1"}},
		},
		"credentials end here": {
			header: []capture.Field{{Name: "Authorization", Value: "Bearer x"}, {Name: "Cookie", Value: "a=b"}},
		},
		"credentials go on where that is wanted": {
			header:      []capture.Field{{Name: "Authorization", Value: "Bearer x"}, {Name: "Cookie", Value: "a=b"}},
			credentials: true,
			want:        []string{"Authorization: Bearer x", "Cookie: a=b"},
		},
		"what cannot have been on the wire is left out": {
			header: []capture.Field{{Name: "X-A", Value: "1\r\nX-B: 2"}, {Name: "X C", Value: ""}, {Name: ":path", Value: "/"}, {Name: "", Value: "1"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			url, message := wire(t)
			f := newForwarder(t, forward.Options{Routes: to(url + "/hooks?key=1"), PassCredentials: tt.credentials})
			answer := f.Forward(t.Context(), forward.Delivery{Request: capture.Request{
				Method: "PUT", URL: "http://evil.example/other?key=2", Header: tt.header, Body: []byte(body),
			}}).Answers[0]
			if !answer.OK() {
				t.Fatal(answer.Err)
			}
			head, got, _ := strings.Cut(<-message, "\r\n\r\n")
			lines := strings.Split(head, "\r\n")
			want := append([]string{"POST /hooks?key=1 HTTP/1.1", "Host: " + strings.TrimPrefix(url, "http://")}, tt.want...)
			if diff := cmp.Diff(sorted(append(want, "Content-Length: 71")), sorted(lines)); diff != "" {
				t.Errorf("head (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(body, got); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
		})
	}
}

// sorted puts lines into the order of their names; those of one name stay in theirs.
func sorted(lines []string) []string {
	slices.SortStableFunc(lines, func(a, b string) int {
		a, _, _ = strings.Cut(a, ":")
		b, _, _ = strings.Cut(b, ":")
		return strings.Compare(a, b)
	})
	return lines
}

func TestAnswersComeBackWhole(t *testing.T) {
	target := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		header := w.Header()
		header["Date"] = nil
		header["X-Trace"] = []string{"b", "a"}
		header.Set("Content-Type", "text/x")
		header.Set("Connection", "X-Once")
		header.Set("X-Once", "1")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "no coffee")
	})
	got := newForwarder(t, forward.Options{Routes: to(target.url)}).Forward(t.Context(), event("evt_1")).Answers[0]
	want := forward.Answer{
		Target: target.url, Status: http.StatusTeapot, Body: []byte("no coffee"), Attempts: 1, Duration: got.Duration,
		Header: []capture.Field{{Name: "Content-Type", Value: "text/x"}, {Name: "X-Trace", Value: "b"}, {Name: "X-Trace", Value: "a"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	if got.OK() {
		t.Error("a refusal counts as success")
	}
}

func TestAnswersAreBounded(t *testing.T) {
	for name, tt := range map[string]struct {
		size, kept int
		truncated  bool
	}{
		"a mebibyte is kept whole":   {forward.MaxAnswer, forward.MaxAnswer, false},
		"of more the start is kept":  {forward.MaxAnswer + 1, forward.MaxAnswer, true},
		"of much more the start too": {8 * forward.MaxAnswer, forward.MaxAnswer, true},
	} {
		t.Run(name, func(t *testing.T) {
			target := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, tt.size)) })
			got := newForwarder(t, forward.Options{Routes: to(target.url)}).Forward(t.Context(), event("evt_1")).Answers[0]
			if got.Err != nil || len(got.Body) != tt.kept || got.BodyTruncated != tt.truncated {
				t.Errorf("kept %d bytes, truncated %t, error %v", len(got.Body), got.BodyTruncated, got.Err)
			}
		})
	}
}

func TestAnAnswerWithoutEndIsLeft(t *testing.T) {
	left := make(chan struct{})
	target := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		defer close(left)
		for chunk := make([]byte, 64<<10); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	got := newForwarder(t, forward.Options{Routes: to(target.url)}).Forward(t.Context(), event("evt_1")).Answers[0]
	if !got.OK() || !got.BodyTruncated {
		t.Errorf("status %d, truncated %t, error %v", got.Status, got.BodyTruncated, got.Err)
	}
	<-left
}

func TestRedirectsAreNeverFollowed(t *testing.T) {
	elsewhere := serve(t, ok)
	for _, status := range []int{301, 302, 303, 307, 308} {
		target := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", elsewhere.url)
			w.WriteHeader(status)
		})
		got := newForwarder(t, forward.Options{Routes: to(target.url)}).Forward(t.Context(), event("evt_1")).Answers[0]
		if got.Status != status || got.Err != nil || got.OK() {
			t.Errorf("%d came back as %d, error %v", status, got.Status, got.Err)
		}
	}
	if got := elsewhere.got(); got != nil {
		t.Errorf("the target of a redirect got %q", got)
	}
}

func TestTheFirstRouteAnswersAndAllAreServed(t *testing.T) {
	release := make(chan struct{})
	slow := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	teapot := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	other := serve(t, ok)
	f := newForwarder(t, forward.Options{Routes: []forward.Route{
		{Events: []string{"certificate.*"}, Target: other.url},
		{Events: []string{"certificate.*", "voucher.*"}, Target: teapot.url},
		{Target: slow.url},
		{Target: teapot.url},
	}})
	run := f.Start(t.Context(), event("evt_1"))
	if first := run.First(); first.Status != http.StatusTeapot || first.Target != teapot.url {
		t.Errorf("first answer is %d of %s", first.Status, first.Target)
	}
	close(release)
	result := run.Wait()
	var statuses []int
	for _, answer := range result.Answers {
		statuses = append(statuses, answer.Status)
	}
	if diff := cmp.Diff([]int{http.StatusTeapot, http.StatusOK}, statuses); diff != "" || result.Delivery.ID != "evt_1" {
		t.Errorf("result of %q, statuses (-want +got):\n%s", result.Delivery.ID, diff)
	}
	if len(teapot.got()) != 1 || len(slow.got()) != 1 || other.got() != nil {
		t.Errorf("served %q, %q and %q", teapot.got(), slow.got(), other.got())
	}
}

func TestAnEventWithoutRouteIsSaidToBeSo(t *testing.T) {
	f := newForwarder(t, forward.Options{Routes: []forward.Route{{Events: []string{"certificate.*"}, Target: closedPort(t)}}})
	for _, eventType := range []string{"voucher.minted", ""} {
		run := f.Start(t.Context(), forward.Delivery{Type: eventType})
		if first := run.First(); first.Status != 0 {
			t.Errorf("%q: first answer %+v", eventType, first)
		}
		if result := run.Wait(); !result.Unrouted || result.Answers != nil {
			t.Errorf("%q: %+v", eventType, result)
		}
	}
}

func TestResignReplacesTheSignature(t *testing.T) {
	key, err := signature.NewSecret("whsec_other")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_700_000_000, 0)
	target, other := serve(t, ok), serve(t, ok)
	f := newForwarder(t, forward.Options{Routes: to(target.url, other.url), Resign: key, Now: func() time.Time { return now }})
	f.Forward(t.Context(), forward.Delivery{Request: capture.Request{
		Header: []capture.Field{{Name: "x-webhook-signature", Value: "t=1,v1=00"}}, Body: []byte(body),
	}})
	want, err := signature.Sign([]byte(body), now, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range append(target.requests, other.requests...) {
		if diff := cmp.Diff([]string{want}, request.Header.Values(signature.HeaderName)); diff != "" {
			t.Errorf("signature (-want +got):\n%s", diff)
		}
	}
}

func TestWhyATargetCannotBeReached(t *testing.T) {
	hung := make(chan struct{})
	hanging := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hung:
		case <-r.Context().Done():
		}
	})
	defer close(hung)
	for name, tt := range map[string]struct {
		url  string
		kind delivery.Kind
	}{
		"nothing listens": {closedPort(t), delivery.KindRefused},
		"no answer comes": {hanging.url, delivery.KindTimeout},
		"it hangs up": {serve(t, func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
		}).url, delivery.KindReset},
		"it speaks something else": {serve(t, func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
				conn.Close()
			}
		}).url, delivery.KindOther},
	} {
		t.Run(name, func(t *testing.T) {
			f := newForwarder(t, forward.Options{Routes: to(tt.url), Timeout: 50 * time.Millisecond})
			got := f.Forward(t.Context(), event("evt_1")).Answers[0]
			var unreachable *delivery.UnreachableError
			if !errors.As(got.Err, &unreachable) || unreachable.Kind != tt.kind || !strings.Contains(tt.url, unreachable.Port) {
				t.Errorf("error %v (%T)", got.Err, got.Err)
			}
			if got.Status != 0 || !got.Health.Down || got.OK() {
				t.Errorf("answer %+v", got)
			}
		})
	}
}

// A target that was heard is there, whatever became of the rest of its answer.
func TestAnAnswerThatBreaksOffIsASignOfLife(t *testing.T) {
	target := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "only a part")
	})
	got := newForwarder(t, forward.Options{Routes: to(target.url)}).Forward(t.Context(), event("evt_1")).Answers[0]
	if got.Status != http.StatusOK || got.Err == nil || got.OK() || got.Health.Down {
		t.Errorf("answer %+v", got)
	}
}

func TestTheEndOfTheContextBlamesNobody(t *testing.T) {
	reached := make(chan struct{})
	target := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(reached)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	run := newForwarder(t, forward.Options{Routes: to(target.url), Retries: 5}).Start(ctx, event("evt_1"))
	<-reached
	cancel()
	got := run.Wait().Answers[0]
	var unreachable *delivery.UnreachableError
	if !errors.Is(got.Err, context.Canceled) || errors.As(got.Err, &unreachable) || got.Health.Down || got.Attempts != 1 {
		t.Errorf("answer %+v", got)
	}
}
