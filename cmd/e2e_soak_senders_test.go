//go:build e2e && linux

package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// soakRun is one pbhook send; what is spoiled must never be acknowledged.
type soakRun struct {
	args    string
	spoiled bool
}

// soakRota is what is sent in turn, half a second apart. BIG is a file with an event of 256 KiB.
var soakRota = []soakRun{
	{args: "all --concurrency 4"},
	{args: "certificate.* --duplicate 3 --concurrency 3"},
	{args: "all --tamper body", spoiled: true},
	{args: "--scenario certificate-lifecycle --time-scale 0"},
	{args: "BIG --fresh"},
	{args: "voucher.* --tamper signature", spoiled: true},
	{args: "--scenario bulk-mint --param count=20 --param failed=2 --concurrency 4 --time-scale 0"},
	{args: "all --tamper secret --concurrency 4", spoiled: true},
	{args: "certificate.* --previous-secret whsec_before --concurrency 2"},
	{args: "all --age 10m", spoiled: true},
	{args: "voucher.* --duplicate 2"},
	{args: "certificate.minted --no-signature", spoiled: true},
}

// soakSenders start one pbhook send after another.
type soakSenders struct {
	state, url, big string

	mu                               sync.Mutex
	acknowledged                     map[string]int // how often, by event id
	runs, put, answered, unreachable int
	passedOver                       int // turns for which too many were under way
}

func newSoakSenders(t *testing.T, state, url string) *soakSenders {
	t.Helper()
	s := &soakSenders{state: state, url: url, big: filepath.Join(t.TempDir(), "big.json"), acknowledged: map[string]int{}}
	body := `{"id":"evt_big","type":"bulk_job.started","created":1,"data":{"jobId":"507f1f77bcf86cd799439013","totalCount":1,` +
		`"startedAt":"2025-01-15T11:05:00Z","note":"` + strings.Repeat("x", 256<<10) + `"}}`
	if err := os.WriteFile(s.big, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// run starts the next of the rota twice a second until ctx ends, and waits for those under way.
func (s *soakSenders) run(ctx context.Context, t *testing.T) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	var running sync.WaitGroup
	defer running.Wait()
	lanes := make(chan struct{}, 8)
	for turn := 0; ; turn++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		select {
		case lanes <- struct{}{}:
			running.Go(func() {
				s.send(t, soakRota[turn%len(soakRota)])
				<-lanes
			})
		default:
			s.passedOver++
		}
	}
}

// send runs pbhook send to its end and counts what came of its attempts.
func (s *soakSenders) send(t *testing.T, run soakRun) {
	args := append([]string{"send", "-o", "json", "--to", s.url}, strings.Fields(strings.Replace(run.args, "BIG", s.big, 1))...)
	if !run.spoiled {
		args = append(args, "--schedule", "200ms,2s")
	}
	process := pbhookProcess(t, s.state, args...)
	process.Dir = filepath.Dir(s.big)
	var said bytes.Buffer
	process.Stderr = &said
	out, err := process.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || !slices.Contains([]int{4, 5}, failed.ExitCode())) {
		t.Errorf("send %s: %v\n%s", run.args, err, said.String())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs++
	for line := range bytes.Lines(out) {
		var attempt struct {
			Kind, ID string
			Status   int
			OK       bool
		}
		if json.Unmarshal(line, &attempt) != nil || attempt.Kind != "attempt" {
			continue
		}
		s.put++
		switch {
		case attempt.OK && run.spoiled:
			t.Errorf("send %s: %s was acknowledged", run.args, line)
		case attempt.OK:
			s.acknowledged[attempt.ID]++
			s.answered++
		case attempt.Status == 0:
			s.unreachable++
		default:
			s.answered++
		}
	}
}

func (s *soakSenders) String() string {
	return fmt.Sprintf("%d runs of send, %d passed over: %d attempts, %d answered, %d not", s.runs, s.passedOver, s.put, s.answered, s.unreachable)
}
