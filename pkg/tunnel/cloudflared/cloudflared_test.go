package cloudflared_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/cloudflared"
	"github.com/pocketbook-studio/pbhook/pkg/tunnel/exec"
)

// TestMain is the program that is run, too: a fake that is told by a variable what to do.
func TestMain(m *testing.M) {
	if os.Getenv("FAKE_CLOUDFLARED") != "" {
		fake()
		return
	}
	goleak.VerifyTestMain(m)
}

// fake answers at the metrics port as cloudflared does, and leaves its arguments in the folder that the variable names. It is
// connected while the file "connected" is there.
func fake() {
	folder := os.Getenv("FAKE_CLOUDFLARED")
	os.WriteFile(filepath.Join(folder, "arguments"), []byte(strings.Join(os.Args[1:], "\n")), 0o600)
	fmt.Fprintln(os.Stderr, "2026-01-01T00:00:00Z INF |  https://from-the-log.trycloudflare.com  |")
	if has(folder, "broken") {
		fmt.Fprintln(os.Stderr, "2026-01-01T00:00:00Z ERR failed to request quick Tunnel: 429 Too Many Requests")
		os.Exit(1)
	}
	metrics := http.NewServeMux()
	metrics.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		if !has(folder, "connected") {
			w.WriteHeader(http.StatusServiceUnavailable)
			io.WriteString(w, `{"status":503,"readyConnections":0}`)
			return
		}
		io.WriteString(w, `{"status":200,"readyConnections":4}`)
	})
	metrics.HandleFunc("GET /quicktunnel", func(w http.ResponseWriter, _ *http.Request) {
		host, _ := os.ReadFile(filepath.Join(folder, "host"))
		fmt.Fprintf(w, `{"hostname":%q}`, host)
	})
	http.ListenAndServe(after("--metrics", os.Args), metrics)
}

func has(folder, name string) bool {
	_, err := os.Stat(filepath.Join(folder, name))
	return err == nil
}

func after(flag string, args []string) string {
	return args[slices.Index(args, flag)+1]
}

// set writes the files that tell the fake what to do.
func set(t *testing.T, files map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("FAKE_CLOUDFLARED", folder)
	return folder
}

func provider() cloudflared.Provider {
	return cloudflared.Provider{Program: os.Args[0], Timeout: 5 * time.Second}
}

func TestAQuickTunnelLeadsToTheHandler(t *testing.T) {
	folder := set(t, map[string]string{"connected": "", "host": "from-the-metrics.trycloudflare.com"})
	session, err := provider().Open(t.Context(), tunnel.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if session.URL() != "https://from-the-metrics.trycloudflare.com" {
		t.Errorf("URL() = %q, want the host of the metrics port", session.URL())
	}
	ended := make(chan error, 1)
	go func() {
		ended <- session.Serve(context.Background(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }))
	}()
	text, err := os.ReadFile(filepath.Join(folder, "arguments"))
	if err != nil {
		t.Fatal(err)
	}
	arguments := strings.Split(string(text), "\n")
	if arguments[0] != "tunnel" || !slices.Contains(arguments, "--no-autoupdate") || after("--config", arguments) != os.DevNull {
		t.Errorf("arguments = %q, want a tunnel without updates and without the user's file", arguments)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Post(after("--url", arguments), "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got, _ := io.ReadAll(response.Body); string(got) != "{}" {
		t.Errorf("at the address that the program was given %q came back", got)
	}
	session.Close()
	if err := <-ended; err != nil {
		t.Errorf("Serve() = %v", err)
	}
	if response, err := client.Get("http://" + after("--metrics", arguments) + "/ready"); err == nil {
		response.Body.Close()
		t.Error("the program still runs")
	}
}

func TestAProgramThatIsNotConnectedIsGivenUp(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"without a connection":  {"host": "a.trycloudflare.com"},
		"without a host":        {"connected": ""},
		"with more than a host": {"connected": "", "host": "evil.example/path?"},
	} {
		t.Run(name, func(t *testing.T) {
			set(t, files)
			p := provider()
			p.Timeout = time.Second
			_, err := p.Open(t.Context(), tunnel.Options{})
			var failed *cloudflared.NotReadyError
			if !errors.As(err, &failed) || len(failed.Said) != 1 {
				t.Errorf("Open() = %v, want a *NotReadyError that quotes the program", err)
			}
		})
	}
}

func TestAProgramThatEndsIsQuoted(t *testing.T) {
	set(t, map[string]string{"broken": ""})
	_, err := provider().Open(t.Context(), tunnel.Options{})
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !strings.Contains(err.Error(), "429 Too Many Requests") {
		t.Errorf("Open() = %v, want an *exec.ExitError that quotes the program", err)
	}
}

func TestAProgramThatIsNotInstalled(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := cloudflared.Provider{}.Open(t.Context(), tunnel.Options{})
	var missing *exec.NotFoundError
	if !errors.As(err, &missing) || missing.Program != "cloudflared" {
		t.Errorf("Open() = %v, want a *NotFoundError for cloudflared", err)
	}
}

func TestOpeningCanBeCancelled(t *testing.T) {
	set(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := provider().Open(ctx, tunnel.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Open() = %v, want context.DeadlineExceeded", err)
	}
}
