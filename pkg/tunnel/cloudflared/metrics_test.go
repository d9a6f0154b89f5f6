package cloudflared

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/tunnel"
)

func TestOnlyAProgramThatAnswersIsLeftToReconnect(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	m := newMetrics(strings.TrimPrefix(server.URL, "http://"))
	if err := m.ready(t.Context()); !errors.Is(err, tunnel.ErrInterrupted) {
		t.Errorf("ready() = %v for a program without connections, want ErrInterrupted", err)
	}
	server.Close()
	if err := m.ready(t.Context()); err == nil || errors.Is(err, tunnel.ErrInterrupted) {
		t.Errorf("ready() = %v for a program that does not answer, want another error", err)
	}
}
