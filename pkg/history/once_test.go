package history_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestAddOnceKeepsOneOfEqualRequests(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	first := add(t, store, minted)
	again := minted
	again.Source, again.Signature, again.Answer = history.SourceImport, history.SignatureUnverified, history.Answer{}
	id, added, err := store.AddOnce(t.Context(), again)
	if id != first || added || err != nil {
		t.Errorf("got %s, %v, %v; want %s, which is kept already", id, added, err, first)
	}
	for name, change := range map[string]func(*history.Record){
		"time":            func(r *history.Record) { r.Capture.Time = noon.Add(time.Nanosecond) },
		"no time":         func(r *history.Record) { r.Capture.Time = time.Time{} },
		"method":          func(r *history.Record) { r.Capture.Method = "PUT" },
		"URL":             func(r *history.Record) { r.Capture.URL += "?a" },
		"body":            func(r *history.Record) { r.Capture.Body = []byte("{}") },
		"header":          func(r *history.Record) { r.Capture.Header = r.Capture.Header[1:] },
		"event":           func(r *history.Record) { r.EventID = "evt_2" },
		"nothing at all":  func(r *history.Record) { *r = history.Record{} },
		"no event at all": func(r *history.Record) { r.EventID = ""; r.Capture.Time = time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			other := minted
			change(&other)
			id, added, err := store.AddOnce(t.Context(), other)
			if !added || err != nil {
				t.Fatalf("another %s: got %v, %v; want it added", name, added, err)
			}
			if same, added, err := store.AddOnce(t.Context(), other); same != id || added || err != nil {
				t.Errorf("a second time: got %s, %v, %v; want %s, which is kept already", same, added, err, id)
			}
		})
	}
}

func TestAddOnceKeepsOneWhoeverComesFirst(t *testing.T) {
	at := path(t)
	stores := []*history.Store{open(t, history.Options{Path: at}), open(t, history.Options{Path: at})}
	var added atomic.Int64
	parallel(200, func(i int) {
		record := history.Record{EventID: "evt_1", Capture: capture.Request{Body: []byte{byte(i % 10)}}}
		if _, isNew, err := stores[i%2].AddOnce(t.Context(), record); err != nil {
			t.Error(err)
		} else if isNew {
			added.Add(1)
		}
	})
	if n := count(t, stores[0], history.Query{}); n != 10 || added.Load() != 10 {
		t.Errorf("%d are kept and %d were told to be new, want 10", n, added.Load())
	}
}

func TestAddOnceRefusesWhatAddDoes(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	if _, added, err := store.AddOnce(t.Context(), history.Record{ID: "../../x"}); added || err == nil {
		t.Errorf("got %v, %v; want a *RecordError", added, err)
	}
}
