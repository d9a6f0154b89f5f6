package ssh

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestADeadlinePassesAtTheLastTimeThatWasPut(t *testing.T) {
	second := func(n int) time.Duration { return time.Duration(n) * time.Second }
	for name, test := range map[string]struct {
		puts []time.Duration // from the beginning; 0 is never
		at   time.Duration   // 0 is never
	}{
		"as it was put":         {[]time.Duration{second(5)}, second(5)},
		"put off":               {[]time.Duration{second(5), second(60)}, second(60)},
		"put off several times": {[]time.Duration{second(5), second(15), second(60), second(61)}, second(61)},
		"brought forward":       {[]time.Duration{second(60), second(5)}, second(5)},
		"to and fro":            {[]time.Duration{second(60), second(5), second(90), second(7)}, second(7)},
		"taken back":            {[]time.Duration{second(5), 0}, 0},
		"taken back and put":    {[]time.Duration{second(5), 0, second(9)}, second(9)},
		"in the past":           {[]time.Duration{second(60), -second(1)}, -1},
		"in the past and later": {[]time.Duration{-second(1), second(3)}, second(3)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				d := newDeadline()
				defer d.stop()
				for _, put := range test.puts {
					at := began.Add(put)
					if put == 0 {
						at = time.Time{}
					}
					d.put(at)
				}
				var passed time.Duration
				select {
				case <-d.wait():
					passed = time.Since(began)
				case <-time.After(time.Hour):
				}
				if test.at < 0 && passed != 0 || test.at >= 0 && passed != test.at {
					t.Errorf("passed after %v, want %v", passed, test.at)
				}
			})
		})
	}
}

func TestADeadlineIsPutOffAgainAfterItHasPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeadline()
		defer d.stop()
		d.put(time.Now().Add(time.Second))
		<-d.wait()
		time.Sleep(time.Second)
		began := time.Now()
		d.put(began.Add(4 * time.Second))
		<-d.wait()
		if took := time.Since(began); took != 4*time.Second {
			t.Errorf("passed after %v, want 4s", took)
		}
	})
}
