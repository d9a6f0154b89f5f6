package receiver_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/receiver"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func TestHandlerRefusesABodyAboveItsLimit(t *testing.T) {
	const limit = 300
	tests := []struct {
		name   string
		length int
		body   func([]byte) io.Reader
		status int
	}{
		{"as long as the limit", limit, sized, 200},
		{"one byte longer", limit + 1, sized, 413},
		{"one byte longer, in chunks", limit + 1, chunked, 413},
		{"as long as the limit, in chunks", limit, chunked, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := serve(t, receiver.Options{MaxBody: limit})
			body := []byte(`{"id":"evt_1","type":"a.b","created":1,"data":{}}` + strings.Repeat(" ", limit))[:tt.length]
			req, err := http.NewRequest(http.MethodPost, b.url, tt.body(body))
			if err != nil {
				t.Fatal(err)
			}
			if status, answer := do(t, req); status != tt.status {
				t.Fatalf("answered %d %s, want %d", status, answer, tt.status)
			}
			var tooLarge *http.MaxBytesError
			if got := b.only(t); errors.As(got.BodyErr, &tooLarge) != (tt.status == 413) {
				t.Errorf("BodyErr = %v, want a *http.MaxBytesError with 413 alone", got.BodyErr)
			}
		})
	}
}

func sized(body []byte) io.Reader { return bytes.NewReader(body) }

// chunked hides the length of body from net/http, which then can't announce it.
func chunked(body []byte) io.Reader { return io.MultiReader(bytes.NewReader(body)) }

func TestHandlerReceivesFiveMebibytesUnlessToldOtherwise(t *testing.T) {
	b := serve(t, receiver.Options{})
	body := []byte(`{"id":"evt_1","type":"a.b","created":1,"data":{}}` + strings.Repeat(" ", receiver.DefaultMaxBody))
	if status, answer := b.post(t, "", body[:5<<20]); status != http.StatusOK {
		t.Errorf("answered %d %s to 5 MiB, want 200", status, answer)
	}
	if status, answer := b.post(t, "", body[:5<<20+1]); status != http.StatusRequestEntityTooLarge {
		t.Errorf("answered %d %s to one byte more, want 413", status, answer)
	}
}

func TestHandlerRecordsABodyThatBrokeOff(t *testing.T) {
	receipts := make(chan receiver.Receipt, 1)
	handler := receiver.New(receiver.Options{Handle: func(_ context.Context, r *receiver.Receipt) { receipts <- *r }})
	server := httptest.NewServer(handler)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, head+"Content-Length: 100\r\n\r\n{\"id\":")
	conn.Close()
	if got := <-receipts; got.Status != http.StatusBadRequest || !errors.Is(got.BodyErr, io.ErrUnexpectedEOF) {
		t.Errorf("recorded %d with %v, want 400 with %v", got.Status, got.BodyErr, io.ErrUnexpectedEOF)
	}
}

// reset is a body whose connection is reset by the other side.
type reset struct{}

func (reset) Read([]byte) (int, error) { return 0, &net.OpError{Op: "read", Err: syscall.ECONNRESET} }

func TestAConnectionThatIsResetIsNotCalledSlow(t *testing.T) {
	recorder := httptest.NewRecorder()
	receiver.New(receiver.Options{}).ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/", reset{}))
	if recorder.Code != http.StatusBadRequest {
		t.Errorf("answered %d, want 400", recorder.Code)
	}
}

func TestHandlerKeepsNoMemoryOfLargeEvents(t *testing.T) {
	key := secret(t, "whsec_a")
	server := httptest.NewServer(receiver.New(receiver.Options{Verifier: verifier(t, signature.Options{Secret: key})}))
	defer server.Close()
	b := &bench{url: server.URL}
	long := strings.Repeat("x", 512<<10)
	send := func(i int) {
		body := fmt.Appendf(nil, `{"id":"evt_%d%s","type":"a.b","created":1,"data":{}}`, i, long)
		if status, answer := b.post(t, sign(t, body, time.Now(), key), body); status != http.StatusOK {
			t.Fatalf("answered %d %.100s, want 200", status, answer)
		}
	}
	send(0)
	before := heap()
	for i := range 32 {
		send(i + 1)
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("16 MiB of events left %d MiB behind, want at most 4", grown>>20)
	}
}

func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func TestHandlerSetsNoMemoryAsideForABodyThatIsOnlyAnnounced(t *testing.T) {
	handler := receiver.New(receiver.Options{})
	req := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{"))
	req.ContentLength = receiver.DefaultMaxBody
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	handler.ServeHTTP(httptest.NewRecorder(), req)
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 1<<20 {
		t.Errorf("took %d KiB for one byte, want at most 1,024", taken>>10)
	}
}
