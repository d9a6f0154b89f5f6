//go:build e2e && linux

package cmd_test

import (
	"context"
	"flag"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

var soak = flag.Duration("soak", 20*time.Second, "how long pbhook listen is soaked; .ci/soak takes 20m")

// soakInFull is how long it takes until memory may be judged: before that caches are still filling.
const soakInFull = 5 * time.Minute

// TestListenIsFlatUnderFaults has pbhook listen receive for a long time through a tunnel whose server is killed again and
// again, hand on to the Express example with faults on the way, and be sent what is good, spoiled and repeated. In the end
// every acknowledged delivery has to be in the history, the example must have handled each event once, and listen must use
// no more memory, descriptors and goroutines than before.
func TestListenIsFlatUnderFaults(t *testing.T) {
	state := t.TempDir()
	app, server := prepareExample(t, "express").run(t), newSSHD(t)
	url, flags := server.tunnelFlags(t)
	listener := startSoaked(t, state, append(flags, "--forward-to", app.url, "--concurrency", "8", "--keep", "all", "--metrics", ":0",
		"--inject", "delay=100ms@10%,duplicate@5%,drop@1%,reorder@5%,status=500@3%")...)
	begun := listener.sample(t)
	deadline := time.Now().Add(*soak)

	senders := newSoakSenders(t, state, url)
	var background sync.WaitGroup
	ctx, stop := context.WithDeadline(t.Context(), deadline)
	defer stop()
	background.Go(func() { senders.run(ctx, t) })
	kills := 0
	background.Go(func() { kills = breakOff(ctx, t, server, listener) })
	samples := takeSamples(ctx, t, listener)
	background.Wait()

	// Connections that nobody uses are closed after a minute.
	var rest sample
	if !until(2*time.Minute, func() bool {
		rest = listener.sample(t)
		return rest.descriptors <= begun.descriptors+4 && rest.goroutines <= begun.goroutines+4
	}) {
		t.Errorf("listen does not let go of what it used: %v, then at rest %v", begun, rest)
	}
	listener.stop(t)
	lost, back := listener.outages()
	t.Logf("at first: %v", begun)
	for n := range 4 {
		t.Logf("quarter %d: %v", n+1, mean(quarter(samples, n)))
	}
	t.Logf("at rest: %v", rest)
	t.Logf("%v; killed sshd or its sessions %d times, found lost %d times, back %d times", senders, kills, lost, back)
	if races := raceReports(state); races != "" {
		t.Error(races)
	}
	if back < kills || kills == 0 {
		t.Errorf("the tunnel was back %d times after %d kills", back, kills)
	}
	judgeFlat(t, mean(quarter(samples, 1)), mean(quarter(samples, 3)))
	judgeKept(t, state, senders.acknowledged)
	judgeHandled(t, app, senders.acknowledged)
}

// takeSamples takes a hundred or more, and one each ten seconds of a long run.
func takeSamples(ctx context.Context, t *testing.T, listener *soakedListener) []sample {
	t.Helper()
	tick := time.NewTicker(min(10*time.Second, *soak/100))
	defer tick.Stop()
	var samples []sample
	for {
		select {
		case <-tick.C:
			samples = append(samples, listener.sample(t))
		case <-ctx.Done():
			return samples
		}
	}
}

func quarter(samples []sample, n int) []sample {
	return samples[len(samples)*n/4 : len(samples)*(n+1)/4]
}

// breakOff kills by turns the server and its sessions alone, and waits until the tunnel is back.
func breakOff(ctx context.Context, t *testing.T, server *sshd, listener *soakedListener) (kills int) {
	tick := time.NewTicker(min(2*time.Minute, *soak/5))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return kills
		case <-tick.C:
		}
		if kills%2 == 0 {
			server.killSessions()
		} else {
			server.kill()
			if err := server.start(); err != nil {
				t.Error(err)
				return kills
			}
		}
		kills++
		if !until(time.Minute, func() bool { _, back := listener.outages(); return back >= kills }) {
			t.Errorf("the tunnel was not back a minute after kill %d", kills)
			return kills
		}
	}
}

func judgeFlat(t *testing.T, second, last sample) {
	t.Helper()
	if last.descriptors > second.descriptors+8 || last.goroutines > second.goroutines+16 {
		t.Errorf("descriptors or goroutines grow: %v, then %v", second, last)
	}
	if !racing() && *soak >= soakInFull && last.resident > 1.1*second.resident+4 {
		t.Errorf("memory grows: %v, then %v", second, last)
	}
}

// judgeKept counts the records that were answered with 2xx. There is at least one for each acknowledgement that a sender saw.
func judgeKept(t *testing.T, state string, acknowledged map[string]int) {
	t.Helper()
	store, err := history.Open(t.Context(), history.Options{Path: filepath.Join(state, "pbhook", "history.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	kept := map[string]int{}
	records := 0
	for record, err := range store.List(t.Context(), history.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		records++
		if record.Answer.Status/100 == 2 && record.Signature == history.SignatureValid {
			kept[record.EventID]++
		}
	}
	lost := 0
	for id, times := range acknowledged {
		lost += max(0, times-kept[id])
	}
	t.Logf("%d records, %d acknowledged events, %d lost", records, len(acknowledged), lost)
	if lost > 0 || len(acknowledged) == 0 {
		t.Errorf("%d acknowledgements of %d events have no record", lost, len(acknowledged))
	}
}

func judgeHandled(t *testing.T, app *exampleServer, acknowledged map[string]int) {
	t.Helper()
	ids, err := app.effects()
	if err != nil {
		t.Fatal(err)
	}
	handled := map[string]int{}
	for _, id := range ids {
		handled[id]++
	}
	for id := range acknowledged {
		if handled[id] != 1 {
			t.Errorf("%s was acknowledged and handled %d times", id, handled[id])
		}
	}
}
