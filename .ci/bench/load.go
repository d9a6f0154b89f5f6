package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	loadConnections = 50
	loadSecret      = "whsec_of_a_benchmark"
	vegetaModule    = "github.com/tsenart/vegeta/v12"
	vegetaVersion   = "v12.13.0"
	heyModule       = "github.com/rakyll/hey"
	heyVersion      = "v0.1.5"
)

// sender posts one body to the site as fast as it can and tells its requests in a second.
type sender struct {
	name    string
	version string
	send    func(context.Context, *site) (perSecond float64, err error)
}

// site is what all senders are given: one receiver, one body, one length of time.
type site struct {
	*workshop

	url     string
	body    string // a file
	seconds int
}

// measureLoad has each sender in turns at the same bare receiver. pbhook makes and signs each event anew, the others send
// one unsigned body over and over.
func measureLoad(ctx context.Context, w *workshop) (measurement, error) {
	m := measurement{versions: map[string]string{}, errs: map[string]error{}}
	release, err := w.release(ctx)
	if err != nil {
		return m, err
	}
	url, closeSink, err := w.sink(ctx)
	if err != nil {
		return m, err
	}
	defer closeSink()
	s := &site{workshop: w, url: url, body: filepath.Join(w.temp, "body"), seconds: 5}
	if w.quick {
		s.seconds = 2
	}
	if err := s.writeBody(ctx, release); err != nil {
		return m, err
	}
	senders := []sender{byPbhook(release)}
	for _, peer := range []struct {
		name    string
		prepare func(context.Context, *site) (sender, error)
	}{{"vegeta", vegeta}, {"hey", hey}, {"wrk", wrk}} {
		ready, err := peer.prepare(ctx, s)
		if err != nil {
			m.errs[peer.name] = err
			fmt.Fprintln(w.log, " ", err)
			continue
		}
		m.versions[peer.name] = ready.version
		senders = append(senders, ready)
	}

	for round := range w.rounds() {
		measured := figures{}
		// Whoever begins is another one in each round.
		for i := range senders {
			sender := senders[(round+i)%len(senders)]
			if m.errs[sender.name] != nil {
				continue
			}
			rate, err := sender.send(ctx, s)
			if ctx.Err() != nil {
				return m, ctx.Err()
			}
			if err != nil {
				m.errs[sender.name] = err
				continue
			}
			measured[sender.name] = rate
			fmt.Fprintf(w.log, "  round %d: %s %s\n", round+1, sender.name, perSecond(rate))
		}
		m.rounds = append(m.rounds, measured)
	}
	return m, nil
}

// sink starts the bare receiver and returns its URL.
func (w *workshop) sink(ctx context.Context) (url string, end func(), err error) {
	program := filepath.Join(w.temp, "sink")
	_, err = w.output(ctx, command{dir: ".ci/bench", args: []string{"go", "build", "-o", program, "./sink"}})
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := w.start(ctx, command{args: []string{program}})
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return "", nil, err
	}
	end = func() {
		cancel()
		_ = cmd.Wait()
	}
	url, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		end()
		return "", nil, fmt.Errorf("the sink told no URL: %w", err)
	}
	return strings.TrimSpace(url), end, nil
}

// writeBody writes one event as pbhook sends it.
func (s *site) writeBody(ctx context.Context, release string) error {
	out, err := s.output(ctx, command{args: []string{
		release, "send", "certificate.minted", "--secret", loadSecret, "--to", s.url, "--dry-run", "--print", "json",
	}})
	if err != nil {
		return err
	}
	var request struct{ Body string }
	if err := json.Unmarshal([]byte(out), &request); err != nil {
		return fmt.Errorf("pbhook send --dry-run: %w", err)
	}
	return os.WriteFile(s.body, []byte(request.Body), 0o600)
}

func byPbhook(release string) sender {
	return sender{name: "pbhook", send: func(ctx context.Context, s *site) (float64, error) {
		out, err := s.output(ctx, command{args: []string{
			release, "send", "certificate.minted", "--secret", loadSecret, "--to", s.url, "-o", "json", "--max-errors", "0",
			"--duration", s.duration(), "--concurrency", strconv.Itoa(loadConnections),
		}})
		if err != nil {
			return 0, err
		}
		var report struct{ PerSecond float64 }
		err = json.Unmarshal([]byte(out), &report)
		return report.PerSecond, err
	}}
}

func vegeta(ctx context.Context, s *site) (sender, error) {
	program, err := s.install(ctx, vegetaModule, vegetaVersion)
	if err != nil {
		return sender{}, err
	}
	targets, results := filepath.Join(s.temp, "targets"), filepath.Join(s.temp, "results")
	target := fmt.Sprintf("POST %s\nContent-Type: application/json\n@%s\n", s.url, s.body)
	if err := os.WriteFile(targets, []byte(target), 0o600); err != nil {
		return sender{}, err
	}
	return sender{name: "vegeta", version: vegetaVersion, send: func(ctx context.Context, s *site) (float64, error) {
		count := strconv.Itoa(loadConnections)
		_, err := s.output(ctx, command{args: []string{
			program, "attack", "-targets", targets, "-output", results, "-duration", s.duration(), "-rate", "0",
			"-workers", count, "-max-workers", count, "-connections", count,
		}})
		if err != nil {
			return 0, err
		}
		out, err := s.output(ctx, command{args: []string{program, "report", "-type", "json", results}})
		if err != nil {
			return 0, err
		}
		var report struct{ Throughput, Success float64 }
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			return 0, err
		}
		if report.Success != 1 {
			return 0, fmt.Errorf("vegeta had %.2f%% of its requests answered", 100*report.Success)
		}
		return report.Throughput, nil
	}}, nil
}

func hey(ctx context.Context, s *site) (sender, error) {
	program, err := s.install(ctx, heyModule, heyVersion)
	if err != nil {
		return sender{}, err
	}
	return sender{name: "hey", version: heyVersion, send: func(ctx context.Context, s *site) (float64, error) {
		return s.requestsPerSecond(ctx, program, "-z", s.duration(), "-c", strconv.Itoa(loadConnections),
			"-m", "POST", "-T", "application/json", "-D", s.body, s.url)
	}}, nil
}

// wrk is written in C and so a limit rather than a peer.
func wrk(ctx context.Context, s *site) (sender, error) {
	program, err := s.debian(ctx, "wrk", "wrk")
	if err != nil {
		return sender{}, err
	}
	script := filepath.Join(s.temp, "post.lua")
	err = os.WriteFile(script, fmt.Appendf(nil, `local body = io.open(%q)
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = body:read("*a")
body:close()
`, s.body), 0o600)
	if err != nil {
		return sender{}, err
	}
	// wrk tells its version to whoever asks, and then fails.
	said, _ := s.start(ctx, command{args: []string{program, "-v"}}).CombinedOutput()
	return sender{name: "wrk", version: firstVersion(said), send: func(ctx context.Context, s *site) (float64, error) {
		return s.requestsPerSecond(ctx, program, "-t", "2", "-c", strconv.Itoa(loadConnections), "-d", s.duration(), "-s", script, s.url)
	}}, nil
}

var (
	rateLine  = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	errorLine = regexp.MustCompile(`Error distribution|Non-2xx|Socket errors`)
)

// requestsPerSecond runs hey or wrk, which report alike.
func (s *site) requestsPerSecond(ctx context.Context, args ...string) (float64, error) {
	out, err := s.output(ctx, command{args: args})
	if err != nil {
		return 0, err
	}
	name := filepath.Base(args[0])
	if said := errorLine.FindString(out); said != "" {
		fmt.Fprint(s.log, out)
		return 0, fmt.Errorf("%s told of errors: %s", name, said)
	}
	match := rateLine.FindStringSubmatch(out)
	if match == nil {
		return 0, errors.New(name + " told no requests in a second")
	}
	return strconv.ParseFloat(match[1], 64)
}

func (s *site) duration() string { return (time.Duration(s.seconds) * time.Second).String() }
