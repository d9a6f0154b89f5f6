package forward_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/forward"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestWhenAttemptsAreMade(t *testing.T) {
	const half = 500 * time.Millisecond
	for name, tt := range map[string]struct {
		answers  []scripted
		retries  int
		schedule []time.Duration
		want     []time.Duration
		status   int
	}{
		"once without retries":            {[]scripted{{status: 500}}, 0, nil, []time.Duration{0}, 500},
		"once when it is taken":           {[]scripted{{status: 204}}, 3, nil, []time.Duration{0}, 204},
		"until it is taken":               {[]scripted{{}, {status: 503}, {status: 200}}, 5, nil, []time.Duration{0, half, 3 * half}, 200},
		"as often as allowed":             {[]scripted{{}}, 2, nil, []time.Duration{0, half, 3 * half}, 0},
		"by a schedule of one's own":      {[]scripted{{}}, 3, []time.Duration{time.Second, time.Hour}, []time.Duration{0, time.Second, time.Hour + time.Second, 2*time.Hour + time.Second}, 0},
		"again after too many requests":   {[]scripted{{status: 429}, {status: 200}}, 1, nil, []time.Duration{0, half}, 200},
		"again after a timeout of theirs": {[]scripted{{status: 408}, {status: 200}}, 1, nil, []time.Duration{0, half}, 200},
		"again after a timeout of ours":   {[]scripted{{takes: time.Hour}, {status: 200}}, 1, nil, []time.Duration{0, 30*time.Second + half}, 200},
		"once when it is refused":         {[]scripted{{status: 401}, {status: 200}}, 5, nil, []time.Duration{0}, 401},
		"once when it is redirected":      {[]scripted{{status: 307}, {status: 200}}, 5, nil, []time.Duration{0}, 307},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				target := newScript(tt.answers...)
				f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target, Retries: tt.retries, Schedule: tt.schedule})
				got := f.Forward(t.Context(), event("evt_1")).Answers[0]
				if diff := cmp.Diff(tt.want, target.times()); diff != "" {
					t.Errorf("attempts (-want +got):\n%s", diff)
				}
				if got.Status != tt.status || got.Attempts != len(tt.want) || (got.Err == nil) != (tt.status != 0) {
					t.Errorf("answer %+v", got)
				}
			})
		})
	}
}

func TestEachAttemptIsSignedAnewWhenResigning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, err := signature.NewSecret("whsec_other")
		if err != nil {
			t.Fatal(err)
		}
		target := newScript(scripted{status: 500})
		f := newForwarder(t, forward.Options{
			Routes: to("http://localhost"), Transport: target, Resign: key, Retries: 1, Schedule: []time.Duration{time.Minute},
		})
		f.Forward(t.Context(), event("evt_1"))
		for i, seen := range target.seen {
			want, err := signature.Sign([]byte("evt_1"), target.begun.Add(seen.After), key)
			if err != nil || seen.Signature != want {
				t.Errorf("attempt %d has %q, want %q (%v)", i+1, seen.Signature, want, err)
			}
		}
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		target := newScript(scripted{status: 500})
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target, Retries: 9, Schedule: []time.Duration{time.Hour}})
		got := f.Forward(ctx, event("evt_1")).Answers[0]
		if time.Since(target.begun) != time.Second || got.Status != 500 || got.Err != nil || got.Attempts != 1 {
			t.Errorf("after %v: %+v", time.Since(target.begun), got)
		}
	})
}

func TestHealthChangesOnceEachWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := newScript(scripted{status: 500}, scripted{}, scripted{}, scripted{status: 404}, scripted{status: 200}, scripted{})
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target})
		var got []forward.Health
		for range 6 {
			got = append(got, f.Forward(t.Context(), event("evt_1")).Answers[0].Health)
		}
		want := []forward.Health{
			{},
			{Down: true, Changed: true, Missed: 1},
			{Down: true, Missed: 2},
			{Changed: true, Missed: 2},
			{},
			{Down: true, Changed: true, Missed: 1},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("health (-want +got):\n%s", diff)
		}
	})
}

func TestADeliveryThatIsGivenUpSaysNothingOfTheTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: newScript(scripted{}, scripted{takes: time.Hour})})
		f.Forward(t.Context(), event("evt_1"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		got := f.Forward(ctx, event("evt_2")).Answers[0].Health
		if diff := cmp.Diff(forward.Health{Down: true, Missed: 1}, got); diff != "" {
			t.Errorf("health (-want +got):\n%s", diff)
		}
	})
}
