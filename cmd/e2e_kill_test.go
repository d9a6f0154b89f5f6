//go:build e2e && unix

package cmd_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

var kills = flag.Int("kills", 50, "how often pbhook listen is killed while it receives")

// TestListenLosesNothingThatItAcknowledged kills pbhook listen again and again while eight senders deliver to it. Every event
// that was answered with 2xx has to be in the history afterwards, body and all.
func TestListenLosesNothingThatItAcknowledged(t *testing.T) {
	state := t.TempDir()
	acknowledged := map[string]string{}
	for round := range *kills {
		for id, body := range deliverUntilKilled(t, state, round) {
			acknowledged[id] = body
		}
	}
	if races := raceReports(state); races != "" {
		t.Error(races)
	}
	store, err := history.Open(t.Context(), history.Options{Path: filepath.Join(state, "pbhook", "history.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	kept := map[string]string{}
	for record, err := range store.List(t.Context(), history.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		kept[record.EventID] = string(record.Capture.Body)
	}
	lost := 0
	for id, body := range acknowledged {
		if kept[id] != body {
			lost++
		}
	}
	t.Logf("killed %d times: %d events acknowledged, %d kept, %d lost", *kills, len(acknowledged), len(kept), lost)
	if lost > 0 || len(acknowledged) < *kills {
		t.Errorf("%d of %d acknowledged events are lost", lost, len(acknowledged))
	}
}

// deliverUntilKilled gives the events that were answered with 2xx before the listener was killed.
func deliverUntilKilled(t *testing.T, state string, round int) map[string]string {
	t.Helper()
	url, kill := startKillable(t, state)
	acknowledged := map[string]string{}
	var mu sync.Mutex
	var senders sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	for sender := range 8 {
		senders.Go(func() {
			for n := 0; ; n++ {
				id := "evt_" + strconv.Itoa(round) + "_" + strconv.Itoa(sender) + "_" + strconv.Itoa(n)
				body := `{"id":"` + id + `","type":"a.b","created":1,"data":{"pad":"` + strings.Repeat("x", rand.IntN(20_000)) + `"}}`
				if !deliver(client, url, body) {
					return
				}
				mu.Lock()
				acknowledged[id] = body
				mu.Unlock()
			}
		})
	}
	timer := time.NewTimer(time.Duration(20+rand.IntN(180)) * time.Millisecond)
	defer timer.Stop()
	<-timer.C
	kill()
	senders.Wait()
	return acknowledged
}

func deliver(client *http.Client, url, body string) bool {
	secret, err := signature.NewSecret(scriptSecret)
	if err != nil {
		return false
	}
	header, err := signature.Sign([]byte(body), time.Now(), secret)
	if err != nil {
		return false
	}
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return false
	}
	request.Header.Set(signature.HeaderName, header)
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode/100 == 2
}

// startKillable starts pbhook listen as a process of its own and returns once it is ready.
func startKillable(t *testing.T, state string) (url string, kill func()) {
	t.Helper()
	process := pbhookProcess(t, state, "listen", ":0", "--show", "line", "-o", "json", "--keep", "all")
	said, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(said); url == "" && lines.Scan(); {
		var line struct{ Kind, URL string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Kind == "ready" {
			url = line.URL
		}
	}
	if url == "" {
		_ = process.Process.Kill()
		t.Fatalf("listen did not become ready: %v", process.Wait())
	}
	return url, func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	}
}

// pbhookProcess is a pbhook command, to be run as a process of its own: the test binary, so it looks for races where the test does.
func pbhookProcess(t *testing.T, state string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process := exec.Command(self, args...)
	process.Args[0] = "pbhook" // by which the test binary knows that it is the command
	process.Env = append(os.Environ(), "XDG_STATE_HOME="+state, "POCKETBOOK_WEBHOOK_SECRET="+scriptSecret, "GORACE="+raceOptions(state))
	return process
}
