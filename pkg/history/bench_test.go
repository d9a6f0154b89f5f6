package history_test

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// BenchmarkAdd keeps records, each durable before Add returns, one after the other and from 50 goroutines in turn, and
// reports how much faster the latter is.
func BenchmarkAdd(b *testing.B) {
	const single, grouped = 200, 5_000
	store := open(b, history.Options{Path: filepath.Join(b.TempDir(), "history.db")})
	var alone, together time.Duration
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		for range single {
			add(b, store, minted)
		}
		alone += time.Since(began)

		began = time.Now()
		var left atomic.Int64
		left.Store(grouped)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				for left.Add(-1) >= 0 {
					add(b, store, minted)
				}
			})
		}
		wg.Wait()
		together += time.Since(began)
	}
	perSecond := func(n int, took time.Duration) float64 { return float64(b.N*n) / took.Seconds() }
	b.ReportMetric(perSecond(single, alone), "alone/s")
	b.ReportMetric(perSecond(grouped, together), "50parallel/s")
	b.ReportMetric(perSecond(grouped, together)/perSecond(single, alone), "50parallel/alone")
}
