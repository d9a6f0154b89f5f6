package view

import (
	"testing"
	"time"
)

func TestThePercentileIsOneOfTheDurations(t *testing.T) {
	upTo := func(n int) []time.Duration {
		var all []time.Duration
		for i := n; i > 0; i-- {
			all = append(all, time.Duration(i))
		}
		return all
	}
	for n, want := range map[int]time.Duration{0: 0, 1: 1, 2: 2, 19: 19, 20: 19, 21: 20, 100: 95, 1000: 950} {
		if got := percentile95(upTo(n)); got != want {
			t.Errorf("of %d: got %d, want %d", n, got, want)
		}
	}
}
