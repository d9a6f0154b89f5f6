package forward_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

func start(ctx context.Context, f *forward.Forwarder, ids ...string) []*forward.Run {
	var runs []*forward.Run
	for _, id := range ids {
		runs = append(runs, f.Start(ctx, event(id)))
	}
	return runs
}

func ids(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("evt_%02d", i))
	}
	return list
}

func TestDeliveriesArriveInOrder(t *testing.T) {
	target := serve(t, ok)
	f := newForwarder(t, forward.Options{Routes: to(target.url)})
	for _, run := range start(t.Context(), f, ids(50)...) {
		if answer := run.First(); !answer.OK() {
			t.Error(answer.Err)
		}
	}
	if diff := cmp.Diff(ids(50), target.got()); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestADeliveryThatIsRetriedKeepsItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := newScript(scripted{}, scripted{status: 500}, scripted{status: 200})
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target, Retries: 2})
		for _, run := range start(t.Context(), f, "a", "b") {
			run.Wait()
		}
		if diff := cmp.Diff([]string{"a", "a", "a", "b"}, target.order()); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestHowManyAreUnderWayAtOnce(t *testing.T) {
	for _, concurrency := range []int{0, 1, 3} {
		synctest.Test(t, func(t *testing.T) {
			target := newScript(scripted{status: 200, takes: time.Second})
			f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target, Concurrency: concurrency})
			runs := start(t.Context(), f, ids(6)...)
			var want []time.Duration
			for i, run := range runs {
				run.Wait()
				want = append(want, time.Duration(i/max(concurrency, 1))*time.Second)
			}
			if diff := cmp.Diff(want, target.times()); diff != "" {
				t.Errorf("concurrency %d: arrivals (-want +got):\n%s", concurrency, diff)
			}
		})
	}
}

func TestATargetThatHangsHoldsUpNoOther(t *testing.T) {
	hanging := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	other := serve(t, ok)
	f := newForwarder(t, forward.Options{Routes: to(other.url, hanging.url)})
	ctx, cancel := context.WithCancel(t.Context())
	runs := start(ctx, f, "a", "b")
	for _, run := range runs {
		if answer := run.First(); !answer.OK() {
			t.Error(answer.Err)
		}
	}
	cancel()
	for _, run := range runs {
		run.Wait()
	}
}

func TestAQueueThatIsFullRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := newScript(scripted{status: 200, takes: time.Second})
		f := newForwarder(t, forward.Options{Routes: to("http://localhost/"), Transport: target, Queue: 2})
		runs := start(t.Context(), f, "a", "b", "c", "d")
		if !errors.Is(runs[3].Refused(), forward.ErrQueueFull) || runs[2].Refused() != nil {
			t.Errorf("refused at once: the third for %v, the fourth for %v", runs[2].Refused(), runs[3].Refused())
		}
		answer := runs[3].First()
		var full *forward.QueueFullError
		if !errors.Is(answer.Err, forward.ErrQueueFull) || !errors.As(answer.Err, &full) || full.Waiting != 2 || full.Target != "http://localhost/" {
			t.Errorf("error %v", answer.Err)
		}
		for _, run := range runs {
			run.Wait()
		}
		if answer := f.Forward(t.Context(), event("e")).Answers[0]; !answer.OK() {
			t.Errorf("refused although none waits: %v", answer.Err)
		}
		if diff := cmp.Diff([]string{"a", "b", "c", "e"}, target.order()); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestAPlaceThatIsGivenUpAsItComesIsFree(t *testing.T) {
	target := serve(t, ok)
	f := newForwarder(t, forward.Options{Routes: to(target.url)})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		if answer := f.Start(ended, event("a")).First(); !errors.Is(answer.Err, context.Canceled) {
			t.Fatalf("answer %+v", answer)
		}
	}
	if answer := f.Start(t.Context(), event("b")).First(); !answer.OK() {
		t.Error(answer.Err)
	}
}

func TestAPlaceThatIsGivenUpGoesToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := newScript(scripted{status: 200, takes: time.Minute})
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target})
		first := f.Start(t.Context(), event("a"))
		ctx, cancel := context.WithCancel(t.Context())
		impatient := f.Start(ctx, event("b"))
		last := f.Start(t.Context(), event("c"))
		cancel()
		answer := impatient.First()
		if !errors.Is(answer.Err, context.Canceled) || answer.Attempts != 0 {
			t.Errorf("answer %+v", answer)
		}
		first.Wait()
		last.Wait()
		if diff := cmp.Diff([]string{"a", "c"}, target.order()); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}
