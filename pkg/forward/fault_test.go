package forward_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

func faults(t testing.TB, text string) forward.Faults {
	t.Helper()
	parsed, err := forward.ParseFaults(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// numbers gives one number after another and then no more faults.
func numbers(list ...float64) func() float64 {
	return func() float64 {
		if len(list) == 0 {
			return 1
		}
		next := list[0]
		list = list[1:]
		return next
	}
}

func TestWhatFaultsDo(t *testing.T) {
	const yes, no = 0, 1
	type outcome struct {
		Status   int
		Fault    string
		Attempts int
		Err      error
	}
	fine := []outcome{{200, "", 1, nil}}
	for name, tt := range map[string]struct {
		faults   string
		random   []float64
		a, b     []outcome
		arrivals []sight
	}{
		"none":                                {"drop@50%", []float64{no, no}, fine, fine, []sight{{0, "a", ""}, {0, "b", ""}}},
		"a delay holds up those behind":       {"delay=2s@10%", []float64{yes, no}, []outcome{{200, "delay=2s", 1, nil}}, fine, []sight{{2 * time.Second, "a", ""}, {2 * time.Second, "b", ""}}},
		"a duplicate is sent before the next": {"duplicate@10%", []float64{yes, no}, []outcome{{200, "", 1, nil}, {200, "duplicate", 1, nil}}, fine, []sight{{0, "a", ""}, {0, "a", ""}, {0, "b", ""}}},
		"a drop never arrives":                {"drop@10%", []float64{yes, no}, []outcome{{0, "drop", 0, forward.ErrDropped}}, fine, []sight{{0, "b", ""}}},
		"a drop is nothing else":              {"drop,delay=1s,status=500,duplicate", []float64{yes, yes, yes, yes}, []outcome{{0, "drop", 0, forward.ErrDropped}}, fine, []sight{{0, "b", ""}}},
		"a status stands in for the target":   {"status=503@10%", []float64{yes, no}, []outcome{{503, "status=503", 0, nil}}, fine, []sight{{0, "b", ""}}},
		"a late status keeps nobody waiting":  {"status=503,delay=1s", []float64{yes, yes}, []outcome{{503, "status=503,delay=1s", 0, nil}}, fine, []sight{{0, "b", ""}}},
		"the first status counts":             {"status=503,status=404", []float64{yes, yes, no, yes}, []outcome{{503, "status=503", 0, nil}}, []outcome{{404, "status=404", 0, nil}}, nil},
		"reordering lets one go first":        {"reorder@10%", []float64{yes, no}, []outcome{{200, "reorder", 1, nil}}, fine, []sight{{0, "b", ""}, {0, "a", ""}}},
		"only one is held back at a time":     {"reorder", []float64{yes, yes}, []outcome{{200, "reorder", 1, nil}}, fine, []sight{{0, "b", ""}, {0, "a", ""}}},
		"several at once": {
			"reorder,delay=1s,duplicate", []float64{yes, yes, yes}, []outcome{{200, "delay=1s,reorder", 1, nil}, {200, "duplicate", 1, nil}}, fine,
			[]sight{{0, "b", ""}, {time.Second, "a", ""}, {time.Second, "a", ""}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				target := newScript(scripted{status: 200})
				f := newForwarder(t, forward.Options{
					Routes: to("http://localhost"), Transport: target, Faults: faults(t, tt.faults), Rand: numbers(tt.random...), Retries: 3,
				})
				var got [][]outcome
				for _, run := range start(t.Context(), f, "a", "b") {
					var outcomes []outcome
					for _, a := range run.Wait().Answers {
						outcomes = append(outcomes, outcome{a.Status, a.Fault, a.Attempts, a.Err})
					}
					got = append(got, outcomes)
				}
				if diff := cmp.Diff([][]outcome{tt.a, tt.b}, got, cmpopts.EquateErrors()); diff != "" {
					t.Errorf("answers (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.arrivals, target.seen); diff != "" {
					t.Errorf("arrivals (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestADelayedStatusIsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Faults: faults(t, "delay=3s,status=500")})
		f.Forward(t.Context(), event("a"))
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("answered after %v", took)
		}
	})
}

func TestADeliveryThatNoneOvertakesGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := newScript(scripted{status: 200})
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target, Faults: faults(t, "reorder")})
		answer := f.Forward(t.Context(), event("a")).Answers[0]
		if diff := cmp.Diff([]time.Duration{forward.ReorderWait}, target.times()); diff != "" || answer.Fault != "reorder" || !answer.OK() {
			t.Errorf("answer %+v, arrivals (-want +got):\n%s", answer, diff)
		}
	})
}

// Whoever comes while it is under way waits for it, as for any other.
func TestADeliveryThatNoneOvertakesTakesItsPlaceAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := newScript(scripted{status: 200, takes: 10 * time.Second})
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target, Faults: faults(t, "reorder"), Rand: numbers(0)})
		held := f.Start(t.Context(), event("a"))
		time.Sleep(forward.ReorderWait + time.Second) // of the bubble
		f.Forward(t.Context(), event("b"))
		held.Wait()
		if diff := cmp.Diff([]time.Duration{forward.ReorderWait, forward.ReorderWait + 10*time.Second}, target.times()); diff != "" {
			t.Errorf("arrivals (-want +got):\n%s", diff)
		}
	})
}

// The wait for another ends while that other is under way: the first in line is still the one that was held back.
func TestADeliveryIsHeldBackNoLongerThanForOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := newScript(scripted{status: 200, takes: 3 * time.Second})
		f := newForwarder(t, forward.Options{Routes: to("http://localhost"), Transport: target, Faults: faults(t, "reorder"), Rand: numbers(0)})
		for _, run := range start(t.Context(), f, "a", "b", "c") {
			run.Wait()
		}
		if diff := cmp.Diff([]string{"b", "a", "c"}, target.order()); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestADeliveryThatIsHeldBackCanBeGivenUp(t *testing.T) {
	for name, after := range map[string]time.Duration{
		"while it is held back":                  time.Second,
		"while it waits behind the one in front": forward.ReorderWait + time.Second,
		"while it is delayed":                    time.Minute,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				target := newScript(scripted{status: 200, takes: 10 * time.Second})
				f := newForwarder(t, forward.Options{
					Routes: to("http://localhost"), Transport: target, Faults: faults(t, "reorder,delay=1h"), Rand: numbers(0, 0),
				})
				ctx, cancel := context.WithTimeout(t.Context(), after)
				defer cancel()
				run := f.Start(ctx, event("a"))
				others := start(t.Context(), f, "b", "c")
				answer := run.First()
				if !errors.Is(answer.Err, context.DeadlineExceeded) || answer.Attempts != 0 {
					t.Errorf("answer %+v", answer)
				}
				for _, other := range others {
					if answer := other.First(); !answer.OK() {
						t.Error(answer.Err)
					}
				}
				if diff := cmp.Diff([]string{"b", "c"}, target.order()); diff != "" {
					t.Errorf("order (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestOneSeedGivesOneRun(t *testing.T) {
	run := func(seed uint64) []string {
		var marks []string
		synctest.Test(t, func(t *testing.T) {
			f := newForwarder(t, forward.Options{
				Routes: to("http://localhost"), Transport: newScript(scripted{status: 200}), Rand: rand.New(rand.NewPCG(seed, 0)).Float64,
				Faults: faults(t, "delay=2s@10%,duplicate@5%,drop@1%,reorder@5%,status=500@20%"),
			})
			for _, run := range start(t.Context(), f, ids(200)...) {
				for _, answer := range run.Wait().Answers {
					marks = append(marks, answer.Fault)
				}
			}
		})
		return marks
	}
	if diff := cmp.Diff(run(7), run(7)); diff != "" {
		t.Errorf("two runs (-first +second):\n%s", diff)
	}
	if cmp.Equal(run(7), run(8)) {
		t.Error("another seed gives the same run")
	}
}

func TestAShareIsAboutThat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newForwarder(t, forward.Options{
			Routes: to("http://localhost"), Faults: faults(t, "drop@20%,status=500"), Rand: rand.New(rand.NewPCG(1, 2)).Float64,
		})
		dropped := 0
		for range 10_000 {
			if f.Forward(t.Context(), event("a")).Answers[0].Fault == "drop" {
				dropped++
			}
		}
		if dropped < 1_900 || dropped > 2_100 {
			t.Errorf("%d of 10,000 were dropped at 20%%", dropped)
		}
	})
}
