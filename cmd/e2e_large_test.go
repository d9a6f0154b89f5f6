//go:build e2e && linux

package cmd_test

import (
	"flag"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var large = flag.Int("large", 100, "how many events of 1 MiB pbhook listen receives; .ci/soak sends 10,000")

// What listen may use while eight senders deliver events of 1 MiB without a pause, and how much more at the end than when a
// quarter had come.
const (
	mostForLarge  = 250 // MiB
	growthOfLarge = 30  // MiB
)

// TestListenHoldsNoMoreOfManyLargeEvents keeps 50 of them, on disk.
func TestListenHoldsNoMoreOfManyLargeEvents(t *testing.T) {
	listener := startSoaked(t, t.TempDir(), "--keep", "50", "--metrics", ":0")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	pad := strings.Repeat("x", 1<<20)
	var next, acknowledged atomic.Int64
	var senders sync.WaitGroup
	done := make(chan struct{})
	for range 8 {
		senders.Go(func() {
			for n := next.Add(1); n <= int64(*large); n = next.Add(1) {
				id := "evt_" + strconv.FormatInt(n, 10)
				if deliver(client, listener.url, `{"id":"`+id+`","type":"a.b","created":1,"data":{"pad":"`+pad+`"}}`) {
					acknowledged.Add(1)
				}
			}
		})
	}
	go func() {
		senders.Wait()
		close(done)
	}()
	var samples []sample
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for under := true; under; {
		select {
		case <-tick.C:
			samples = append(samples, listener.sample(t))
		case <-done:
			under = false
		}
	}
	listener.stop(t)
	most := 0.0
	for _, s := range samples {
		most = max(most, s.resident)
	}
	second, last := mean(quarter(samples, 1)), mean(quarter(samples, 3))
	t.Logf("%d of 1 MiB acknowledged, %.0f MiB at most; second quarter: %v; last: %v", acknowledged.Load(), most, second, last)
	if acknowledged.Load() != int64(*large) {
		t.Errorf("%d of %d were acknowledged", acknowledged.Load(), *large)
	}
	if !racing() && (most > mostForLarge || last.resident > second.resident+growthOfLarge) {
		t.Errorf("%.0f MiB at most, %.0f and then %.0f on average", most, second.resident, last.resident)
	}
}
