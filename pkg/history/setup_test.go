package history_test

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 123456789, time.UTC)

// minted is a record with every field set.
var minted = history.Record{
	Capture: capture.Request{
		Method: "POST",
		URL:    "http://localhost:3000/webhooks/pocketbook",
		Proto:  "HTTP/1.1",
		Header: []capture.Field{
			{Name: "Host", Value: "localhost:3000"}, {Name: "X-A", Value: "1"}, {Name: "x-a", Value: ""}, {Name: "X-A", Value: "caf\xe9"},
		},
		Body: []byte(`{"id":"evt_1234567891","type":"certificate.minted","created":1640995300,` +
			`"data":{"certificateId":"507f1f77bcf86cd799439011","tokenId":"123456"}}`),
		Time:       noon,
		RemoteAddr: "127.0.0.1:50514",
	},
	EventID:   "evt_1234567891",
	EventType: "certificate.minted",
	Signature: history.SignatureValid,
	Duplicate: true,
	Drift:     []string{"new field data.foo", `missing "data.x"`},
	Answer: history.Answer{
		Status:   200,
		Header:   []capture.Field{{Name: "Content-Type", Value: "application/json"}},
		Body:     []byte(`{"received":true}`),
		Duration: 12 * time.Millisecond,
	},
	Forwards: []history.Forward{
		{Target: "http://localhost:4000", Error: "connection refused", Duration: time.Millisecond, Attempt: 1},
		{Target: "http://localhost:4000", Status: 200, Duration: 3 * time.Millisecond, Attempt: 2},
	},
	Source:   history.SourceTunnel,
	ReplayOf: "01JGK0000000000000000000000",
}

func path(t testing.TB) string { return filepath.Join(t.TempDir(), "history.db") }

func open(t testing.TB, options history.Options) *history.Store {
	t.Helper()
	store, err := history.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func add(t testing.TB, store *history.Store, record history.Record) string {
	t.Helper()
	id, err := store.Add(t.Context(), record)
	if err != nil {
		t.Error(err)
	}
	return id
}

// parallel calls do with 0 to n-1, 50 at a time.
func parallel(n int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	wg.Wait()
}

func openMemory(t testing.TB, options history.Options) *history.Store {
	t.Helper()
	store, err := history.OpenMemory(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}
