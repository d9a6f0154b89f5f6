//go:build e2e && unix

package cmd_test

import (
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// TestManyListenersShareOneHistory runs 24 processes of pbhook listen on one file, each with a sender of its own. What all of
// them acknowledged has to be there, once.
func TestManyListenersShareOneHistory(t *testing.T) {
	const listeners, each = 24, 20
	state := t.TempDir()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	var acknowledged atomic.Int64
	var running sync.WaitGroup
	for n := range listeners {
		url, kill := startKillable(t, state)
		t.Cleanup(kill)
		running.Go(func() {
			for event := range each {
				id := "evt_" + strconv.Itoa(n) + "_" + strconv.Itoa(event)
				if deliver(client, url, `{"id":"`+id+`","type":"a.b","created":1,"data":{}}`) {
					acknowledged.Add(1)
				}
			}
		})
	}
	running.Wait()
	if races := raceReports(state); races != "" {
		t.Error(races)
	}
	store, err := history.Open(t.Context(), history.Options{Path: filepath.Join(state, "pbhook", "history.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	seen := map[string]bool{}
	for record, err := range store.List(t.Context(), history.Query{}) {
		if err != nil || seen[record.EventID] {
			t.Errorf("%s twice, or %v", record.EventID, err)
		}
		seen[record.EventID] = true
	}
	if acknowledged.Load() != listeners*each || len(seen) != listeners*each {
		t.Errorf("%d acknowledged and %d kept, want %d of both", acknowledged.Load(), len(seen), listeners*each)
	}
}
