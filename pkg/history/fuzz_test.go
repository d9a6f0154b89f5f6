package history_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// FuzzAdd holds to the law that a record comes back as it was added or is refused.
func FuzzAdd(f *testing.F) {
	store := openMemory(f, history.Options{Keep: history.Retention{Count: 100}})
	f.Add("POST", "http://localhost/", "Host", "localhost", []byte(`{}`), "evt_1", "valid", "drift", int64(1), 200)
	f.Add("\x00", "\xff", ":a:", ": ", []byte{0, 0xff}, "last", "'", "\xfe", int64(-1), -1)
	f.Fuzz(func(t *testing.T, method, url, name, value string, body []byte, event, verdict, drift string, ns int64, status int) {
		header := []capture.Field{{Name: name, Value: value}, {Name: value, Value: name}}
		want := history.Record{
			Capture: capture.Request{
				Method: method, URL: url, Proto: url, Header: header, Body: body, Time: time.Unix(0, ns).UTC(), RemoteAddr: method,
			},
			EventID: event, EventType: verdict, Signature: history.Signature(verdict), Source: history.Source(drift),
			Answer:   history.Answer{Status: status, Body: body, Header: header, Duration: time.Duration(ns)},
			Forwards: []history.Forward{{Target: url, Error: value, Status: status, Duration: time.Duration(ns)}},
			ReplayOf: event, Duplicate: status%2 == 0,
		}
		id, err := store.Add(t.Context(), want)
		if refused := (*history.RecordError)(nil); errors.As(err, &refused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		want.ID = id
		got, err := store.Get(t.Context(), id)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%v (-added +got):\n%s", err, diff)
		}
	})
}

// FuzzGet holds to the law that any ref gives a record or one of two errors.
func FuzzGet(f *testing.F) {
	store := openMemory(f, history.Options{})
	for _, event := range []string{"evt_1", "evt_12", ""} {
		record := minted
		record.EventID = event
		if _, err := store.Add(f.Context(), record); err != nil {
			f.Fatal(err)
		}
	}
	for _, ref := range []string{"last", "evt_1", "evt", "0", "01jg", "", "\xff", "%"} {
		f.Add(ref)
	}
	f.Fuzz(func(t *testing.T, ref string) {
		_, err := store.Get(t.Context(), ref)
		var unknown *history.NotFoundError
		var ambiguous *history.AmbiguousError
		if err != nil && !errors.As(err, &unknown) && !errors.As(err, &ambiguous) {
			t.Errorf("%q: %v", ref, err)
		}
	})
}
