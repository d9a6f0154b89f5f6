package history_test

import (
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestAddOnceKeepsOneOfEqualRequests(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	first := add(t, store, minted)
	again := minted
	again.Source, again.Signature, again.Answer = history.SourceImport, history.SignatureUnverified, history.Answer{}
	id, added, err := addOnce(t, store, again)
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
			id, added, err := addOnce(t, store, other)
			if !added || err != nil {
				t.Fatalf("another %s: got %v, %v; want it added", name, added, err)
			}
			if same, added, err := addOnce(t, store, other); same != id || added || err != nil {
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
		if _, isNew, err := addOnce(t, stores[i%2], record); err != nil {
			t.Error(err)
		} else if isNew {
			added.Add(1)
		}
	})
	if n := count(t, stores[0], history.Query{}); n != 10 || added.Load() != 10 {
		t.Errorf("%d are kept and %d were told to be new, want 10", n, added.Load())
	}
}

func TestAddOnceAddsManyInTheirOrder(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	var records []history.Record
	for i := range 300 {
		records = append(records, history.Record{EventID: strconv.Itoa(i % 200), Capture: capture.Request{Time: noon}})
	}
	records[7].Capture.Header = []capture.Field{{Name: "a\nb"}}
	outcomes, err := store.AddOnce(t.Context(), records)
	if err != nil || len(outcomes) != len(records) {
		t.Fatalf("%d outcomes, %v", len(outcomes), err)
	}
	for i, o := range outcomes {
		_, refused := errors.AsType[*history.RecordError](o.Err)
		if want := i < 200 && i != 7 || i == 207; o.Added != want || refused != (i == 7) {
			t.Errorf("at %d: %+v", i, o)
		}
		if i >= 200 && i != 207 && o.ID != outcomes[i-200].ID {
			t.Errorf("at %d: id %s, want that of the first", i, o.ID)
		}
	}
	var got []string
	for _, record := range list(t, store, history.Query{OldestFirst: true}) {
		got = append(got, record.EventID)
	}
	want := make([]string, 0, 200)
	for i := range 200 {
		if i != 7 {
			want = append(want, strconv.Itoa(i))
		}
	}
	if diff := cmp.Diff(append(want, "7"), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAddOnceOfNothingAndAfterTheEnd(t *testing.T) {
	store := openMemory(t, history.Options{})
	if outcomes, err := store.AddOnce(t.Context(), nil); len(outcomes) != 0 || err != nil {
		t.Errorf("nothing: %v, %v", outcomes, err)
	}
	if _, added, err := addOnce(t, store, history.Record{ID: "../../x"}); added || !errors.Is(err, history.ErrNoID) {
		t.Errorf("an id that is none: %v, %v", added, err)
	}
	store.Close()
	if _, err := store.AddOnce(t.Context(), []history.Record{minted}); !errors.Is(err, history.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func addOnce(t *testing.T, store *history.Store, record history.Record) (id string, added bool, err error) {
	t.Helper()
	outcomes, err := store.AddOnce(t.Context(), []history.Record{record})
	if err != nil {
		return "", false, err
	}
	return outcomes[0].ID, outcomes[0].Added, outcomes[0].Err
}
