package history

import (
	"errors"
	"testing"
	"testing/synctest"
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
