package history_test

import (
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// BenchmarkAdd keeps records, each durable before Add returns, one after the other and from 50 goroutines in turn, and
// reports how much faster the latter is.
func BenchmarkAdd(b *testing.B) {
	const single, grouped = 200, 5_000
	store := open(b, history.Options{Path: path(b)})
	var alone, together time.Duration
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		for range single {
			add(b, store, minted)
		}
		alone += time.Since(began)

		began = time.Now()
		parallel(grouped, func(int) { add(b, store, minted) })
		together += time.Since(began)
	}
	perSecond := func(n int, took time.Duration) float64 { return float64(b.N*n) / took.Seconds() }
	b.ReportMetric(perSecond(single, alone), "alone/s")
	b.ReportMetric(perSecond(grouped, together), "50parallel/s")
	b.ReportMetric(perSecond(grouped, together)/perSecond(single, alone), "50parallel/alone")
}

// BenchmarkAddManyRecords adds 100,000 records with a retention of 10,000 and reports what the heap holds after the first
// 10,000 and at the end, and how many files' worth of records the disk holds.
func BenchmarkAddManyRecords(b *testing.B) {
	for b.Loop() {
		store := open(b, history.Options{Path: path(b), Keep: history.Retention{Count: 10_000}})
		most, least := 0.0, math.Inf(1)
		for range 10 {
			addMany(b, store, 10_000)
			held := heap()
			most, least = max(most, held), min(least, held)
		}
		b.ReportMetric(least, "least-heap-MB")
		b.ReportMetric(most, "most-heap-MB")
		b.ReportMetric(float64(len(content(b, store.Path())))/1e6, "file-MB")
	}
}

// BenchmarkAddLargeRecords adds 1,000 bodies of 1 MiB from 50 goroutines.
func BenchmarkAddLargeRecords(b *testing.B) {
	body := make([]byte, 1<<20)
	for b.Loop() {
		store := open(b, history.Options{Path: path(b), Keep: history.Retention{Count: 100}})
		parallel(1000, func(int) { add(b, store, history.Record{Capture: capture.Request{Body: body}}) })
		b.ReportMetric(heap(), "heap-MB")
	}
}

func heap() float64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc) / 1e6
}

// BenchmarkOpen opens a history of 10,000 records that nobody else has open, and so examines it, and one that is open.
func BenchmarkOpen(b *testing.B) {
	at := path(b)
	made(b, at, 10_000)
	reopen := func(b *testing.B) {
		for b.Loop() {
			store, err := history.Open(b.Context(), history.Options{Path: at})
			if err != nil {
				b.Fatal(err)
			}
			if err := store.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("alone", reopen)
	open(b, history.Options{Path: at})
	b.Run("beside another", reopen)
}

// BenchmarkList reads 10,000 records.
func BenchmarkList(b *testing.B) {
	at := path(b)
	made(b, at, 10_000)
	store := open(b, history.Options{Path: at})
	b.ReportAllocs()
	for b.Loop() {
		read := 0
		for _, err := range store.List(b.Context(), history.Query{}) {
			if err != nil {
				b.Fatal(err)
			}
			read++
		}
		if read != 10_000 {
			b.Fatalf("read %d", read)
		}
	}
}
