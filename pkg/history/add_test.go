package history_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/oklog/ulid/v2"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestGetReturnsWhatWasAddedByteForByte(t *testing.T) {
	everyByte := make([]byte, 256)
	for i := range everyByte {
		everyByte[i] = byte(i)
	}
	tests := map[string]history.Record{
		"every field":                   minted,
		"nothing at all":                {},
		"a body of every byte":          {Capture: capture.Request{Body: everyByte}},
		"a body of many pages":          {Capture: capture.Request{Body: bytes.Repeat(everyByte, 256)}},
		"text that is not UTF-8":        {Capture: capture.Request{URL: "http://a/\xff\x00b", Method: "\xe9"}, EventID: "evt_\x00\xff"},
		"a pseudo header of HTTP/2":     {Capture: capture.Request{Header: []capture.Field{{Name: ":authority", Value: "a: b"}}}},
		"header names that end oddly":   {Capture: capture.Request{Header: []capture.Field{{Name: "a:", Value: ":b"}, {Name: "", Value: ""}, {Name: " c\r", Value: " d "}}}},
		"a time before the invention":   {Capture: capture.Request{Time: time.Date(1970, 1, 1, 0, 0, 0, 1, time.UTC)}},
		"a time in the last year":       {Capture: capture.Request{Time: time.Date(2261, 12, 31, 23, 59, 59, 999999999, time.UTC)}},
		"words that this build doesn't": {Signature: "sideways", Source: "post"},
		"an answer without a status":    {Answer: history.Answer{Body: []byte("x")}},
	}
	store := open(t, history.Options{Path: path(t)})
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			want.ID = add(t, store, want)
			if diff := cmp.Diff(want, get(t, store, want.ID), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("-added +got:\n%s", diff)
			}
		})
	}
}

func TestAddRefusesWhatItCouldNotGiveBack(t *testing.T) {
	header := func(name, value string) capture.Request {
		return capture.Request{Header: []capture.Field{{Name: name, Value: value}}}
	}
	tests := []struct {
		name   string
		record history.Record
		field  string
		want   error
	}{
		{"a line feed in a header value", history.Record{Capture: header("a", "b\nc: d")}, "Capture.Header", history.ErrHeaderText},
		{"a line feed in a header name", history.Record{Capture: header("a\n", "b")}, "Capture.Header", history.ErrHeaderText},
		{"a name that looks like a line", history.Record{Capture: header("a: b", "c")}, "Capture.Header", history.ErrHeaderText},
		{"the same in the answer", history.Record{Answer: history.Answer{Header: header("a", "\n").Header}}, "Answer.Header", history.ErrHeaderText},
		{"a time before 1970", history.Record{Capture: capture.Request{Time: time.Unix(-1, 0)}}, "Capture.Time", history.ErrTimeRange},
		{"a time after 2261", history.Record{Capture: capture.Request{Time: time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)}}, "Capture.Time", history.ErrTimeRange},
		{"an id that is a path", history.Record{ID: "../../etc/passwd"}, "ID", history.ErrNoID},
		{"an id of other letters", history.Record{ID: strings.Repeat("U", 26)}, "ID", history.ErrNoID},
	}
	store := open(t, history.Options{Path: path(t)})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := store.Add(t.Context(), tt.record)
			var refused *history.RecordError
			if !errors.As(err, &refused) || refused.Field != tt.field || !errors.Is(err, tt.want) {
				t.Errorf("got %v, want a *RecordError about %s that wraps %q", err, tt.field, tt.want)
			}
		})
	}
	if count := count(t, store, history.Query{}); count != 0 {
		t.Errorf("%d records are kept, want none", count)
	}
}

func TestAddMakesIDsOfTheTimeOfTheCapture(t *testing.T) {
	store := open(t, history.Options{Path: path(t), Now: func() time.Time { return noon.Add(time.Hour) }})
	known, err := ulid.ParseStrict(add(t, store, minted))
	if err != nil || !ulid.Time(known.Time()).Equal(noon.Truncate(time.Millisecond)) {
		t.Errorf("id %s has time %v, want that of the capture, %v", known, ulid.Time(known.Time()), noon)
	}
	unknown, err := ulid.ParseStrict(add(t, store, history.Record{}))
	if err != nil || !ulid.Time(unknown.Time()).Equal(noon.Add(time.Hour).Truncate(time.Millisecond)) {
		t.Errorf("id %s has time %v, want the present", unknown, ulid.Time(unknown.Time()))
	}
}

func TestAddKeepsAnIDAndRefusesItTwice(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	record := minted
	record.ID = "01jgk0000000000000000000ab"
	if id := add(t, store, record); id != "01JGK0000000000000000000AB" {
		t.Errorf("the id became %s", id)
	}
	if _, err := store.Add(t.Context(), record); !errors.Is(err, history.ErrExists) {
		t.Errorf("the second time gives %v, want %v", err, history.ErrExists)
	}
	if count := count(t, store, history.Query{}); count != 1 {
		t.Errorf("%d records are kept, want 1", count)
	}
}

func TestAddDoesNotKeepWhatTheCallerChangesLater(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	body := []byte("as it came")
	id := add(t, store, history.Record{Capture: capture.Request{Body: body}})
	copy(body, "changed...")
	if got := get(t, store, id).Capture.Body; string(got) != "as it came" {
		t.Errorf("body = %q", got)
	}
}

func TestUpdatePutsWhatIsLearntBesideTheCapture(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	want := minted
	want.Answer, want.Forwards = history.Answer{}, nil
	want.ID = add(t, store, want)
	other := minted
	other.ID = add(t, store, minted)

	first := history.Forward{Target: "http://a", Error: "refused", Attempt: 1}
	update(t, store, want.ID, history.Change{Forwards: []history.Forward{first}})
	want.Forwards = []history.Forward{first}
	if diff := cmp.Diff(want, get(t, store, want.ID)); diff != "" {
		t.Errorf("after a forward (-want +got):\n%s", diff)
	}

	want.Answer = history.Answer{Status: 502, Body: []byte("no")}
	update(t, store, strings.ToLower(want.ID), history.Change{Answer: &history.Answer{Status: 100}})
	update(t, store, want.ID, history.Change{Answer: &want.Answer, Forwards: minted.Forwards})
	want.Forwards = append(want.Forwards, minted.Forwards...)
	if diff := cmp.Diff(want, get(t, store, want.ID)); diff != "" {
		t.Errorf("after an answer (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(other, get(t, store, other.ID)); diff != "" {
		t.Errorf("another record changed (-want +got):\n%s", diff)
	}
}

func TestUpdateOfARecordThatIsNotKept(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	for _, id := range []string{"", "last", "01JGK0000000000000000000AB", "../../x"} {
		var unknown *history.NotFoundError
		if err := store.Update(t.Context(), id, history.Change{Answer: &history.Answer{}}); !errors.As(err, &unknown) {
			t.Errorf("%q: got %v, want a *NotFoundError", id, err)
		}
	}
}

func TestNothingIsAddedAfterClose(t *testing.T) {
	store, err := history.Open(t.Context(), history.Options{Path: path(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	_, addErr := store.Add(t.Context(), minted)
	_, getErr := store.Get(t.Context(), "last")
	_, countErr := store.Count(t.Context(), history.Query{})
	for verb, err := range map[string]error{"Add": addErr, "Get": getErr, "Count": countErr, "Close": store.Close()} {
		if !errors.Is(err, history.ErrClosed) {
			t.Errorf("%s gives %v, want %v", verb, err, history.ErrClosed)
		}
	}
}

func TestCloseLeavesTheLogEmpty(t *testing.T) {
	at := path(t)
	made(t, at, 10)
	names, err := filepath.Glob(at + "*")
	if diff := cmp.Diff([]string{at, at + ".lock"}, names); diff != "" || err != nil {
		t.Errorf("files that are left: %v (-want +got):\n%s", err, diff)
	}
}

func TestCloseWritesWhatWaits(t *testing.T) {
	at := path(t)
	store, err := history.Open(t.Context(), history.Options{Path: at})
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		if _, err := store.Add(gone, minted); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if count := count(t, open(t, history.Options{Path: at}), history.Query{}); count != 100 {
		t.Errorf("%d records are kept, want all 100 that were taken", count)
	}
}

func get(t testing.TB, store *history.Store, ref string) history.Record {
	t.Helper()
	record, err := store.Get(t.Context(), ref)
	if err != nil {
		t.Error(err)
	}
	return record
}

func update(t testing.TB, store *history.Store, id string, change history.Change) {
	t.Helper()
	if err := store.Update(t.Context(), id, change); err != nil {
		t.Error(err)
	}
}

func count(t testing.TB, store *history.Store, q history.Query) int {
	t.Helper()
	n, err := store.Count(t.Context(), q)
	if err != nil {
		t.Error(err)
	}
	return n
}
