//go:build e2e && linux

package cmd_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// soakedListener is a pbhook listen of which samples are taken.
type soakedListener struct {
	process *exec.Cmd
	ended   chan error
	url     string // on this machine
	metrics string // URL

	mu     sync.Mutex
	ready  bool
	lost   int            // how often the tunnel was found lost
	back   int            // how often it was back
	others map[string]int // what else it said, and how often
}

func startSoaked(t *testing.T, state string, flags ...string) *soakedListener {
	t.Helper()
	l := &soakedListener{process: pbhookProcess(t, state, append([]string{"listen", ":0", "-o", "json"}, flags...)...), ended: make(chan error, 1), others: map[string]int{}}
	said, err := l.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.process.Process.Kill() })
	go func() {
		l.hear(bufio.NewScanner(said))
		l.ended <- l.process.Wait()
	}()
	if !until(time.Minute, func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.ready
	}) {
		t.Fatalf("listen did not become ready: %v", l.others)
	}
	return l
}

// hear reads what the listener says of its tunnel, and keeps what it says of anything else.
func (l *soakedListener) hear(lines *bufio.Scanner) {
	lines.Buffer(nil, 1<<20)
	inOutage := false
	for lines.Scan() {
		var line struct{ Kind, State, URL, Metrics string }
		_ = json.Unmarshal(lines.Bytes(), &line)
		l.mu.Lock()
		switch {
		case line.Kind == "ready":
			l.ready, l.url, l.metrics = true, line.URL, line.Metrics
		case line.Kind == "tunnel" && line.State == "reconnecting":
			if !inOutage {
				l.lost++
			}
			inOutage = true
		case line.Kind == "tunnel" && line.State == "ready":
			l.back++
			inOutage = false
		case line.Kind != "tunnel" && len(l.others) < 100:
			l.others[lines.Text()]++
		}
		l.mu.Unlock()
	}
}

func (l *soakedListener) outages() (lost, back int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost, l.back
}

// stop asks the listener to end, and logs what it said beside the state of its tunnel.
func (l *soakedListener) stop(t *testing.T) {
	t.Helper()
	_ = l.process.Process.Signal(syscall.SIGINT)
	select {
	case err := <-l.ended:
		if err != nil {
			t.Errorf("listen ended with %v: %v", err, l.others)
		}
	case <-time.After(time.Minute):
		t.Error("listen did not end")
		return
	}
	for line, times := range l.others {
		t.Logf("said %d times: %s", times, line)
	}
}

// sample is what a process uses at one moment.
type sample struct{ resident, heap, descriptors, goroutines float64 } // resident and heap in MiB

func (s sample) String() string {
	return fmt.Sprintf("resident %.1f MiB, heap %.1f MiB, %.1f descriptors, %.1f goroutines", s.resident, s.heap, s.descriptors, s.goroutines)
}

func (l *soakedListener) sample(t *testing.T) sample {
	t.Helper()
	response, err := http.Get(l.metrics)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	descriptors, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", l.process.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	return sample{
		resident:    metric(t, page, "process_resident_memory_bytes") / (1 << 20),
		heap:        metric(t, page, "go_memstats_heap_inuse_bytes") / (1 << 20),
		descriptors: float64(len(descriptors)),
		goroutines:  metric(t, page, "go_goroutines"),
	}
}

func metric(t *testing.T, page []byte, name string) float64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(page)
	if found == nil {
		t.Fatalf("%s is not exported", name)
	}
	value, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func mean(samples []sample) sample {
	var sum sample
	for _, s := range samples {
		sum.resident += s.resident
		sum.heap += s.heap
		sum.descriptors += s.descriptors
		sum.goroutines += s.goroutines
	}
	n := float64(max(len(samples), 1))
	return sample{sum.resident / n, sum.heap / n, sum.descriptors / n, sum.goroutines / n}
}
