//go:build unix

package cmd_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/forward"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func post(t *testing.T, url, id string) *http.Response {
	t.Helper()
	body := `{"id":"` + id + `","type":"a.b","created":1,"data":{}}`
	secret, err := signature.NewSecret(scriptSecret)
	if err != nil {
		t.Fatal(err)
	}
	header, err := signature.Sign([]byte(body), time.Now(), secret)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set(signature.HeaderName, header)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return new(http.Response)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
	return response
}

func TestNoEventIsAcknowledgedThatCannotWaitForItsServer(t *testing.T) {
	ended := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-ended:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(hanging.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	l := listen(t, ":0", "--forward-to", hanging.URL, "--ack", "now", "--forward-timeout", "10m", "--history", "none", "--show", "line")
	t.Cleanup(func() { close(ended) }) // before listen drains
	var next atomic.Int64
	var senders sync.WaitGroup
	for range 20 {
		senders.Go(func() {
			for n := next.Add(1); n <= forward.DefaultQueue+1; n = next.Add(1) {
				if response := post(t, l.url(), "evt_"+strconv.FormatInt(n, 10)); response.StatusCode != http.StatusOK {
					t.Errorf("event %d answered %d", n, response.StatusCode)
				}
			}
		})
	}
	senders.Wait()
	response := post(t, l.url(), "evt_last")
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("with %d waiting, answered %d with Retry-After %q", forward.DefaultQueue, response.StatusCode, response.Header.Get("Retry-After"))
	}
}

func TestNoEventIsAcknowledgedThatCannotBeKept(t *testing.T) {
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	file := filepath.Join(t.TempDir(), "history.db")
	l := listen(t, ":0", "--history", file, "--show", "line")
	if response := post(t, l.url(), "evt_1"); response.StatusCode != http.StatusOK {
		t.Fatalf("answered %d", response.StatusCode)
	}
	if err := errors.Join(os.Rename(file, file+".away"), os.Mkdir(file, 0o700)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		response := post(t, l.url(), "evt_2")
		if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
			t.Errorf("answered %d with Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
		}
	}
	if n := strings.Count(l.said(), "events that cannot be kept are answered with 503"); n != 1 {
		t.Errorf("warned %d times: %s", n, l.said())
	}
	if err := errors.Join(os.Remove(file), os.Rename(file+".away", file)); err != nil {
		t.Fatal(err)
	}
	if response := post(t, l.url(), "evt_2"); response.StatusCode != http.StatusOK || !strings.Contains(l.said(), "events are kept again") {
		t.Errorf("back in its place: answered %d, said %s", response.StatusCode, l.said())
	}
}
