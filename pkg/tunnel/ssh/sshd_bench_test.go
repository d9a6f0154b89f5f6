//go:build e2e && linux

package ssh_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

// BenchmarkBesideOpenSSH sends the same requests to the same handler through the same sshd, by turns through this package
// and through ssh -R and through neither. Throughput and latency of all three are of one run:
//
//	go test -tags e2e -run '^$' -bench BesideOpenSSH -benchtime 20x ./pkg/tunnel/ssh
func BenchmarkBesideOpenSSH(b *testing.B) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, `{"received":true}`)
	})
	s := startSSHD(b)
	session := open(b, s.provider(b), tunnel.Options{}, handler)
	plain := httptest.NewServer(handler)
	b.Cleanup(plain.Close)
	openSSH := s.forwardByOpenSSH(b, plain.Listener.Addr().(*net.TCPAddr).Port)

	for _, parallel := range []int{50, 1} {
		b.Run(fmt.Sprintf("parallel=%d", parallel), func(b *testing.B) {
			requests := 40 * parallel
			var ours, theirs, direct load
			round := func() {
				ours.run(b, session.URL(), parallel, requests)
				theirs.run(b, openSSH, parallel, requests)
				direct.run(b, plain.URL, parallel, requests)
			}
			round() // opens the connections
			ours, theirs, direct = load{client: ours.client}, load{client: theirs.client}, load{client: direct.client}
			for b.Loop() {
				round()
			}
			b.ReportMetric(ours.rate()/theirs.rate(), "x-of-ssh-R")
			b.ReportMetric(ours.rate()/direct.rate(), "x-of-direct")
			for name, way := range map[string]*load{"pbhook": &ours, "ssh-R": &theirs, "direct": &direct} {
				b.ReportMetric(way.rate(), name+"/s")
				b.ReportMetric(float64(way.median())/1e6, name+"-p50-ms")
				way.client.CloseIdleConnections()
			}
		})
	}
}

// forwardByOpenSSH runs ssh -R and returns the URL at which the server then listens.
func (s *sshd) forwardByOpenSSH(b *testing.B, local int) string {
	b.Helper()
	remote := freePort(b)
	words := append(s.command(b), "-R", fmt.Sprintf("127.0.0.1:%d:127.0.0.1:%d", remote, local))
	client := exec.Command(words[0], words[1:]...)
	var said strings.Builder
	client.Stderr = &said
	if err := client.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = client.Process.Kill()
		_ = client.Wait()
	})
	for deadline := time.Now().Add(10 * time.Second); ; {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", remote))
		if err == nil {
			conn.Close()
			return fmt.Sprintf("http://127.0.0.1:%d", remote)
		}
		if time.Now().After(deadline) {
			b.Fatalf("ssh -R does not listen: %v\n%s", err, said.String())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// load is what one way took so far.
type load struct {
	client *http.Client
	took   time.Duration
	each   []time.Duration
}

func (l *load) run(b *testing.B, url string, parallel, requests int) {
	b.Helper()
	if l.client == nil {
		l.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: parallel}}
	}
	body := bytes.Repeat([]byte("x"), 300)
	each := make([]time.Duration, requests)
	var next atomic.Int64
	var senders sync.WaitGroup
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	for range parallel {
		senders.Go(func() {
			for i := next.Add(1) - 1; i < int64(requests); i = next.Add(1) - 1 {
				sent := time.Now()
				request, _ := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
				response, err := l.client.Do(request)
				if err != nil {
					b.Error(err)
					return
				}
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
				each[i] = time.Since(sent)
			}
		})
	}
	senders.Wait()
	l.took += time.Since(began)
	l.each = append(l.each, each...)
}

func (l *load) rate() float64 { return float64(len(l.each)) / l.took.Seconds() }

func (l *load) median() time.Duration {
	slices.Sort(l.each)
	return l.each[len(l.each)/2]
}
