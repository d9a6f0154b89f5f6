package cloudflared

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

const (
	askTimeout = 5 * time.Second
	maxAnswer  = 64 << 10 // bytes
)

// metrics is the program's own server on this machine.
type metrics struct {
	address string
	client  *http.Client
}

func newMetrics(address string) *metrics {
	return &metrics{address: address, client: &http.Client{
		Timeout:       askTimeout,
		Transport:     &http.Transport{DisableKeepAlives: true}, // and no proxy: it is on this machine
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// ready returns nil when the program is connected to Cloudflare, and an error that wraps [tunnel.ErrInterrupted] when it says
// that it is not.
func (m *metrics) ready(ctx context.Context) error {
	status, _, err := m.ask(ctx, "/ready")
	switch {
	case err != nil:
		return err
	case status != http.StatusOK:
		return fmt.Errorf("cloudflared has no connection: %w", tunnel.ErrInterrupted)
	}
	return nil
}

// host returns the name that the quick tunnel was given.
func (m *metrics) host(ctx context.Context) (string, error) {
	status, body, err := m.ask(ctx, "/quicktunnel")
	if err != nil {
		return "", err
	}
	var answer struct {
		Hostname string `json:"hostname"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", err
	}
	if status != http.StatusOK || !isHost(answer.Hostname) {
		return "", fmt.Errorf("cloudflared answered %d and names no host", status)
	}
	return answer.Hostname, nil
}

func isHost(text string) bool {
	return strings.Contains(text, ".") && strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
}

func (m *metrics) ask(ctx context.Context, path string) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+m.address+path, http.NoBody)
	if err != nil {
		return 0, nil, err
	}
	response, err := m.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	return response.StatusCode, body, err
}
