package tunnel_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

var errRefused = errors.New("connection refused")

func TestReadyIsSaidOnlyAfterTheFarEndConfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := serve(t, &farEnd{links: []*fakeLink{newLink("https://one.example")}}, tunnel.Options{}, http.NotFoundHandler())
		b.next(t, tunnel.StateConnecting)
		if got := b.next(t, tunnel.StateReady); got.URL != "https://one.example" || b.URL() != got.URL {
			t.Errorf("ready at %q, URL() = %q, want https://one.example", got.URL, b.URL())
		}
		b.Close()
		if got := b.next(t, tunnel.StateDown); got.Err != nil {
			t.Errorf("down with %v after Close, want no error", got.Err)
		}
		if _, open := <-b.Status(); open {
			t.Error("there is news after down")
		}
		if err := <-b.ended; err != nil {
			t.Errorf("Serve() = %v after Close, want nil", err)
		}
	})
}

func TestOpeningFailsWhenTheFarEndDoesNotConfirm(t *testing.T) {
	queue := tunnel.NewQueue(&net.TCPAddr{}, 1)
	_, err := tunnel.NewSession(t.Context(), queue, (&farEnd{err: errRefused}).connect, tunnel.Options{})
	if !errors.Is(err, errRefused) {
		t.Errorf("NewSession() = %v, want %v", err, errRefused)
	}
	if _, err := queue.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener is still open: %v", err)
	}
}

func TestALostLinkIsReplacedAndRequestsGoThroughTheNewOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := newLink("https://one.example"), newLink("https://two.example")
		far := &farEnd{links: []*fakeLink{first, nil, nil, second}, err: errRefused}
		b := serve(t, far, tunnel.Options{}, http.NotFoundHandler())
		b.next(t, tunnel.StateConnecting)
		b.next(t, tunnel.StateReady)

		first.lose(errors.New("reset by peer"))
		for attempt, wait := range []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second} {
			got := b.next(t, tunnel.StateReconnecting)
			if got.Attempt != attempt+1 || got.Wait != wait || got.Err == nil {
				t.Errorf("attempt %d after %v because of %v, want %d after %v", got.Attempt, got.Wait, got.Err, attempt+1, wait)
			}
		}
		if got := b.next(t, tunnel.StateReady); got.URL != "https://two.example" || b.URL() != got.URL {
			t.Errorf("ready at %q, URL() = %q, want https://two.example", got.URL, b.URL())
		}
		if status, err := b.ask(t); status != http.StatusNotFound {
			t.Errorf("a request got %d, %v, want 404", status, err)
		}
		b.Close()
		<-b.ended
	})
}

func TestTheWaitBetweenAttemptsGrowsToHalfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newLink("https://one.example")
		b := serve(t, &farEnd{links: []*fakeLink{first}, err: errRefused}, tunnel.Options{}, http.NotFoundHandler())
		b.next(t, tunnel.StateConnecting)
		b.next(t, tunnel.StateReady)
		first.lose(errRefused)
		var got []time.Duration
		for range 9 {
			got = append(got, b.next(t, tunnel.StateReconnecting).Wait/time.Millisecond)
		}
		if want := []time.Duration{500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000}; !slices.Equal(got, want) {
			t.Errorf("waits of %v ms, want %v", got, want)
		}
		b.Close()
		<-b.ended
	})
}

func TestServeEndsWhenItsListenerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := serve(t, &farEnd{links: []*fakeLink{newLink("https://one.example")}}, tunnel.Options{}, http.NotFoundHandler())
		b.queue.Close()
		if err := <-b.ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("Serve() = %v, want %v", err, net.ErrClosed)
		}
	})
}

func TestALinkThatHeldForAMinuteMakesEarlierFailuresForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var links []*fakeLink
		for range 4 {
			links = append(links, newLink("https://one.example"))
		}
		b := serve(t, &farEnd{links: links}, tunnel.Options{}, http.NotFoundHandler())
		b.next(t, tunnel.StateConnecting)
		b.next(t, tunnel.StateReady)
		for i, test := range []struct {
			held    time.Duration
			attempt int
		}{{time.Minute, 1}, {59 * time.Second, 2}, {time.Minute, 1}} {
			time.Sleep(test.held)
			links[i].lose(errRefused)
			if got := b.next(t, tunnel.StateReconnecting); got.Attempt != test.attempt {
				t.Errorf("attempt %d after the link had held for %v, want %d", got.Attempt, test.held, test.attempt)
			}
			b.next(t, tunnel.StateReady)
		}
		b.Close()
		<-b.ended
	})
}

func TestAHalfOpenLinkIsFoundWithin25Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newLink("https://one.example")
		first.ping = first.deaf
		b := serve(t, &farEnd{links: []*fakeLink{first, newLink("https://two.example")}}, tunnel.Options{}, http.NotFoundHandler())
		b.next(t, tunnel.StateConnecting)
		ready := b.next(t, tunnel.StateReady)
		if got := b.next(t, tunnel.StateReconnecting); got.At.Sub(ready.At) != 25*time.Second {
			t.Errorf("found after %v, want 25s", got.At.Sub(ready.At))
		}
		b.next(t, tunnel.StateReady)
		b.Close()
		<-b.ended
	})
}

func TestALinkThatAnswersIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link := newLink("https://one.example")
		b := serve(t, &farEnd{links: []*fakeLink{link}}, tunnel.Options{}, http.NotFoundHandler())
		time.Sleep(time.Hour + time.Second)
		if got := len(link.pings); got != 100 { // as many as the fake counts, of 240
			t.Errorf("%d pings in an hour, want 100 or more", got)
		}
		b.Close()
		<-b.ended
		b.next(t, tunnel.StateConnecting)
		b.next(t, tunnel.StateReady)
		b.next(t, tunnel.StateDown)
	})
}

func TestAJumpOfTheClockIsFollowedByAPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asleep atomic.Int64
		link := newLink("https://one.example")
		b := serve(t, &farEnd{links: []*fakeLink{link}}, tunnel.Options{
			Now: func() time.Time { return time.Now().Add(time.Duration(asleep.Load())) },
		}, http.NotFoundHandler())
		time.Sleep(time.Second)
		synctest.Wait()
		asleep.Store(int64(11 * time.Second))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if len(link.pings) != 1 {
			t.Errorf("%d pings 5 s after the machine woke, want 1", len(link.pings))
		}
		b.Close()
		<-b.ended
	})
}

func TestALinkThatRestoresItselfIsNotReplacedForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link := newLink("https://one.example")
		var away atomic.Bool
		away.Store(true)
		link.ping = func(context.Context) error {
			if away.Load() {
				return fmt.Errorf("edge: %w", tunnel.ErrInterrupted)
			}
			return nil
		}
		far := &farEnd{links: []*fakeLink{link, newLink("https://two.example")}}
		b := serve(t, far, tunnel.Options{}, http.NotFoundHandler())
		b.next(t, tunnel.StateConnecting)
		b.next(t, tunnel.StateReady)
		b.next(t, tunnel.StateReconnecting)
		away.Store(false)
		if got := b.next(t, tunnel.StateReady); got.URL != "https://one.example" {
			t.Errorf("ready at %q, want the same link as before", got.URL)
		}
		away.Store(true)
		lost := b.next(t, tunnel.StateReconnecting)
		got := b.next(t, tunnel.StateReconnecting)
		for got.State == tunnel.StateReconnecting {
			got = <-b.Status()
		}
		if took := got.At.Sub(lost.At); got.URL != "https://two.example" || took < time.Minute || took > 70*time.Second {
			t.Errorf("%s at %q after %v, want the second link after a minute", got.State, got.URL, took)
		}
		b.Close()
		<-b.ended
	})
}

func TestServeEndsWhenTheTunnelCannotBeRestored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newLink("https://one.example")
		b := serve(t, &farEnd{links: []*fakeLink{first}, err: errRefused}, tunnel.Options{GiveUp: 10 * time.Minute}, http.NotFoundHandler())
		began := time.Now()
		first.lose(nil)
		err := <-b.ended
		var lost *tunnel.LostError
		if !errors.As(err, &lost) || !errors.Is(err, errRefused) {
			t.Fatalf("Serve() = %v, want a *LostError that wraps %v", err, errRefused)
		}
		if took := time.Since(began); took < 9*time.Minute || took > 10*time.Minute {
			t.Errorf("given up after %v, want within 10m", took)
		}
		var last tunnel.Status
		for status := range b.Status() {
			last = status
		}
		if last.State != tunnel.StateDown || !errors.Is(last.Err, errRefused) {
			t.Errorf("last status = %+v, want down with the error", last)
		}
	})
}

type permanentError struct{}

func (permanentError) Error() string   { return "no such account" }
func (permanentError) Permanent() bool { return true }

func TestServeEndsAtOnceWhenTryingAgainIsOfNoUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newLink("https://one.example")
		far := &farEnd{links: []*fakeLink{first}, err: fmt.Errorf("connecting: %w", permanentError{})}
		b := serve(t, far, tunnel.Options{}, http.NotFoundHandler())
		first.lose(nil)
		if err := <-b.ended; !errors.As(err, new(permanentError)) {
			t.Errorf("Serve() = %v, want the permanent error", err)
		}
		if far.dials != 2 {
			t.Errorf("connected %d times, want twice", far.dials)
		}
	})
}

func TestNobodyHasToReadTheStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var links []*fakeLink
		for i := range 50 {
			links = append(links, newLink(fmt.Sprintf("https://%d.example", i)))
		}
		b := serve(t, &farEnd{links: links}, tunnel.Options{}, http.NotFoundHandler())
		for _, link := range links[:49] {
			link.lose(errRefused)
			time.Sleep(time.Minute)
		}
		b.Close()
		<-b.ended
		var news []tunnel.Status
		for status := range b.Status() {
			news = append(news, status)
		}
		if len(news) < 3 || news[len(news)-2].URL != "https://49.example" || news[len(news)-1].State != tunnel.StateDown {
			t.Errorf("the newest news is missing: %+v", news)
		}
	})
}

func TestRequestsUnderWayAreFinishedAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := serve(t, &farEnd{links: []*fakeLink{newLink("https://one.example")}}, tunnel.Options{},
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(10 * time.Second)
				w.WriteHeader(http.StatusAccepted)
			}))
		answered := make(chan int)
		go func() {
			status, _ := b.ask(t)
			answered <- status
		}()
		time.Sleep(time.Second)
		b.Close()
		if got := <-answered; got != http.StatusAccepted {
			t.Errorf("the request under way got %d, want 202", got)
		}
		if err := <-b.ended; err != nil {
			t.Errorf("Serve() = %v, want nil", err)
		}
		if _, err := b.ask(t); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a request after the end: %v, want it refused", err)
		}
	})
}

func TestARequestThatDoesNotEndIsCutOffAfterTheDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := serve(t, &farEnd{links: []*fakeLink{newLink("https://one.example")}}, tunnel.Options{Drain: 3 * time.Second},
			http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		go b.ask(t)
		time.Sleep(time.Second)
		began := time.Now()
		b.Close()
		<-b.ended
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("ended after %v, want 3s", took)
		}
	})
}

func TestServeIsForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := serve(t, &farEnd{links: []*fakeLink{newLink("https://one.example")}}, tunnel.Options{}, http.NotFoundHandler())
		synctest.Wait()
		if err := b.Serve(t.Context(), http.NotFoundHandler()); !errors.Is(err, tunnel.ErrServed) {
			t.Errorf("the second Serve() = %v, want ErrServed", err)
		}
		b.Close()
		<-b.ended
	})
}

func TestClosingASessionThatWasNeverServedEndsItsLink(t *testing.T) {
	link := newLink("https://one.example")
	queue := tunnel.NewQueue(&net.TCPAddr{}, 1)
	near, far := net.Pipe()
	defer near.Close()
	session, err := tunnel.NewSession(t.Context(), queue, (&farEnd{links: []*fakeLink{link}}).connect, tunnel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !queue.Put(far) || queue.Put(far) {
		t.Error("the queue takes another number of connections than it is made for")
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	link.Wait()
	if _, err := near.Read(make([]byte, 1)); err == nil {
		t.Error("the connection in the queue is still open")
	}
	if err := session.Serve(t.Context(), nil); !errors.Is(err, tunnel.ErrServed) {
		t.Errorf("Serve() after Close = %v, want ErrServed", err)
	}
}
