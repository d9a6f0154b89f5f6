package history

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/google/go-cmp/cmp"
)

func TestQueueIsBoundedInNumberAndBytes(t *testing.T) {
	tests := []struct {
		name  string
		sizes []int64
		last  error
	}{
		{"as much as there is room for", []int64{maxWaitingBytes / 2, maxWaitingBytes / 2}, nil},
		{"a byte more", []int64{maxWaitingBytes / 2, maxWaitingBytes / 2, 1}, ErrQueueFull},
		{"one that is larger than all room", []int64{maxWaitingBytes * 2}, nil},
		{"one that is larger, behind another", []int64{0, maxWaitingBytes * 2}, ErrQueueFull},
		{"as many as may wait", make([]int64, maxWaiting), nil},
		{"one more", make([]int64, maxWaiting+1), ErrQueueFull},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := newQueue()
			for i, size := range tt.sizes {
				want := error(nil)
				if i == len(tt.sizes)-1 {
					want = tt.last
				}
				if err := q.put(&write{size: size}); !errors.Is(err, want) {
					t.Fatalf("write %d: got %v, want %v", i, err, want)
				}
			}
		})
	}
}

func TestQueueHasRoomAgainForWhatWasTaken(t *testing.T) {
	q := newQueue()
	for range 3 {
		for range maxWaiting {
			if err := q.put(&write{size: maxWaitingBytes / maxWaiting}); err != nil {
				t.Fatal(err)
			}
		}
		for taken := 0; taken < maxWaiting; {
			group := q.take()
			if len(group) == 0 || len(group) > maxGroup {
				t.Fatalf("took %d, want 1 to %d", len(group), maxGroup)
			}
			taken += len(group)
		}
	}
}

func TestQueueWaitsAndEndsOnceItIsClosedAndEmpty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		took := make(chan int, 10)
		go func() {
			for group := q.take(); len(group) > 0; group = q.take() {
				took <- len(group)
			}
			close(took)
		}()
		synctest.Wait()
		if len(took) != 0 {
			t.Error("took something from an empty queue")
		}
		for range 2 {
			if err := q.put(&write{}); err != nil {
				t.Fatal(err)
			}
		}
		q.close()
		sum := 0
		for n := range took {
			sum += n
		}
		if sum != 2 {
			t.Errorf("took %d, want the 2 that waited", sum)
		}
		if err := q.put(&write{}); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want %v", err, ErrClosed)
		}
	})
}

func TestQueueLetsGoOfWhatWasTaken(t *testing.T) {
	q := newQueue()
	first := &write{do: func(context.Context, *transaction) error { return nil }}
	held := weak.Make(first)
	if err := q.put(first); err != nil {
		t.Fatal(err)
	}
	putMany(t, q, 2)
	q.take()
	putMany(t, q, 1)
	runtime.GC()
	if held.Value() != nil {
		t.Error("what was taken is still held while something else waits")
	}
	runtime.KeepAlive(q)
}

// putMany lets n writes wait.
func putMany(t *testing.T, q *queue, n int) {
	t.Helper()
	for range n {
		if err := q.put(&write{}); err != nil {
			t.Fatal(err)
		}
	}
}

// taken starts to take, and gives what was taken to the channel.
func taken(q *queue) <-chan int {
	took := make(chan int, 1)
	go func() { took <- len(q.take()) }()
	synctest.Wait()
	return took
}

func TestQueueGathersThoseWhoComeInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		putMany(t, q, 10)
		q.take()
		began := time.Now()
		took := taken(q)
		putMany(t, q, 3)
		synctest.Wait()
		if len(took) != 0 {
			t.Error("took fewer than two fifths of ten")
		}
		putMany(t, q, 1)
		if n := <-took; n != 4 || time.Since(began) != 0 {
			t.Errorf("took %d after %v, want 4 at once", n, time.Since(began))
		}
	})
}

func TestQueueGathersNoLongerOnceItIsHalfFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		putMany(t, q, 10)
		q.take()
		began := time.Now()
		took := taken(q)
		if err := q.put(&write{size: maxWaitingBytes / 2}); err != nil {
			t.Fatal(err)
		}
		if n := <-took; n != 1 || time.Since(began) != 0 {
			t.Errorf("took %d after %v, want one at once", n, time.Since(began))
		}
	})
}

func TestQueueGathersNoMoreThanItTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		putMany(t, q, maxWaiting)
		began := time.Now()
		for range maxWaiting / maxGroup {
			q.take()
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("waited for %v while as many were there as it takes", waited)
		}
	})
}

func TestQueueCountsThoseWhoWaitedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		putMany(t, q, 5)
		q.take()
		putMany(t, q, 5)
		q.take() // ten come in turn
		putMany(t, q, 3)
		took := taken(q)
		if len(took) != 0 {
			t.Error("took three of ten")
		}
		putMany(t, q, 1)
		<-took
	})
}

func TestQueueWaitsForCompanyNoLongerThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		putMany(t, q, 40)
		q.take()
		var waits []time.Duration // of one who is alone from then on
		for range 10 {
			began := time.Now()
			putMany(t, q, 1)
			if n := <-taken(q); n != 1 {
				t.Fatalf("took %d, want 1", n)
			}
			waits = append(waits, time.Since(began))
		}
		want := []time.Duration{company, company, company, company, 0, 0, 0, 0, 0, 0} // the crowd is halved each time
		if diff := cmp.Diff(want, waits); diff != "" {
			t.Error(diff)
		}
	})
}

func TestQueueLetsOneWhoIsAloneNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		began := time.Now()
		for range 100 {
			putMany(t, q, 1)
			q.take()
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("100 writes, one after the other, waited for %v", waited)
		}
	})
}
