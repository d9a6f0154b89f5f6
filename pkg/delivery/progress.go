package delivery

import (
	"sync"
	"time"
)

const progressTick = 100 * time.Millisecond

// Progress is how far a load run is.
type Progress struct {
	Sent, OK int64
	Elapsed  time.Duration
	Plan     Plan
}

func (r *run) progress() Progress {
	sent, ok := r.score.count()
	return Progress{Sent: sent, OK: ok, Elapsed: time.Since(r.begun), Plan: r.plan}
}

// tick reports until the function it returns is called, which reports once more.
func (r *run) tick(report func(Progress)) (stop func()) {
	if report == nil {
		return func() {}
	}
	done := make(chan struct{})
	var ticking sync.WaitGroup
	ticking.Go(func() {
		ticker := time.NewTicker(progressTick)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				report(r.progress())
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		ticking.Wait()
		report(r.progress())
	}
}
