package history_test

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestPruneRemovesTheOldestOnly(t *testing.T) {
	const records, size = 40, 20_000
	tests := []struct {
		name string
		keep history.Retention
		left int
	}{
		{"no limit", history.Retention{}, 40},
		{"a number", history.Retention{Count: 7}, 7},
		{"a number that is not reached", history.Retention{Count: 41}, 40},
		{"an age", history.Retention{Age: 10*time.Minute - time.Second}, 10},
		{"an age that all exceed", history.Retention{Age: time.Nanosecond}, 1},
		{"whichever is less", history.Retention{Age: 10 * time.Minute, Count: 3}, 3},
		{"bytes for about half of them", history.Retention{Bytes: records / 2 * size}, 17},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clock := noon
			store := open(t, history.Options{Path: path(t), Now: func() time.Time { return clock }})
			for i := range records {
				clock = noon.Add(time.Duration(i) * time.Minute)
				add(t, store, history.Record{EventID: strconv.Itoa(i), Capture: capture.Request{Body: make([]byte, size)}})
			}
			before, err := store.Surplus(t.Context(), tt.keep)
			want, about := records-tt.left, 0
			if tt.keep.Bytes > 0 {
				about = 2
			}
			if off := before.Records - want; err != nil || max(off, -off) > about {
				t.Errorf("Surplus tells %+v, %v; want %d", before, err, want)
			}
			if n := count(t, store, history.Query{}); n != records {
				t.Errorf("Surplus left %d records of %d", n, records)
			}
			removed, err := store.Prune(t.Context(), tt.keep)
			if err != nil || removed != records-tt.left {
				t.Errorf("removed %d, %v; want %d", removed, err, records-tt.left)
			}
			for i, record := range list(t, store, history.Query{}) {
				if want := strconv.Itoa(records - 1 - i); record.EventID != want {
					t.Errorf("at %d is %s, want %s", i, record.EventID, want)
				}
			}
		})
	}
}

func TestPruneRemovesThousandsWithTheirAnswersAndForwards(t *testing.T) {
	at := path(t)
	store := open(t, history.Options{Path: at})
	addMany(t, store, 1000)
	if removed, err := store.Prune(t.Context(), history.Retention{Count: 10}); removed != 990 || err != nil {
		t.Errorf("removed %d, %v; want 990", removed, err)
	}
	for table, want := range map[string]int{"record": 10, "answer": 10, "forward": 20} {
		var n int
		if err := raw(t, at).QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil || n != want {
			t.Errorf("%s has %d rows, %v; want %d", table, n, err, want)
		}
	}
}

func TestPruneGivesTheSpaceBackAndLeavesNoTrace(t *testing.T) {
	at := path(t)
	store, err := history.Open(t.Context(), history.Options{Path: at})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		add(t, store, history.Record{Capture: capture.Request{Body: bytes.Repeat([]byte("confidential"), 10_000)}})
	}
	if _, err := store.Prune(t.Context(), history.Retention{Age: time.Nanosecond}); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(at)
	if err != nil || info.Size() > 100_000 {
		t.Errorf("the file has %d bytes, want at most 100,000 of the 2,400,000 that were in it", info.Size())
	}
	if bytes.Contains(content(t, at), []byte("confidential")) {
		t.Error("what was removed can still be read in the file")
	}
}

func TestARetentionIsHeldToWhileRecordsAreAdded(t *testing.T) {
	tests := []struct {
		name string
		open func(testing.TB, history.Options) *history.Store
		keep history.Retention
		most int
	}{
		{"a number", open, history.Retention{Count: 100}, 100 + 255 + 50},
		{"bytes", open, history.Retention{Bytes: 1 << 20}, 1600},
		{"bytes in memory", openMemory, history.Retention{Bytes: 1 << 20}, 1600},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := tt.open(t, history.Options{Path: path(t), Keep: tt.keep})
			addMany(t, store, 3000)
			if n := count(t, store, history.Query{}); n > tt.most || n == 0 {
				t.Errorf("%d records are kept, want at most %d", n, tt.most)
			}
		})
	}
}

func TestARetentionIsHeldToWhenTheStoreIsOpened(t *testing.T) {
	at := path(t)
	made(t, at, 50)
	store := open(t, history.Options{Path: at, Keep: history.Retention{Count: 5}})
	if n := count(t, store, history.Query{}); n != 5 {
		t.Errorf("%d records are kept, want 5", n)
	}
}

func TestParseRetention(t *testing.T) {
	tests := []struct {
		text string
		want history.Retention
	}{
		{"30d,10000", history.Retention{Age: 30 * 24 * time.Hour, Count: 10_000}},
		{"10000, 30d", history.Retention{Age: 30 * 24 * time.Hour, Count: 10_000}},
		{"90m", history.Retention{Age: 90 * time.Minute}},
		{"12h,500MB", history.Retention{Age: 12 * time.Hour, Bytes: 500e6}},
		{"2w,1,1KB", history.Retention{Age: 14 * 24 * time.Hour, Count: 1, Bytes: 1000}},
		{"2GB", history.Retention{Bytes: 2e9}},
	}
	for _, tt := range tests {
		got, err := history.ParseRetention(tt.text)
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", tt.text, err, diff)
		}
	}
	for _, text := range []string{"", ",", "d", "-1d", "+1", "0", "0d", "1.5d", "1y", "1dd", "1 d", "1d,2h", "1,2", "1MB,2GB", "1kb", "99999999999999999999", "9999999999999d", "9999999999GB", "9999999999", "30d,", "１"} {
		got, err := history.ParseRetention(text)
		var wrong *history.RetentionError
		if !errors.As(err, &wrong) {
			t.Errorf("%q: got %+v, %v; want a *RetentionError", text, got, err)
		}
	}
}

func TestParseStatusRange(t *testing.T) {
	for text, want := range map[string]history.StatusRange{
		"404": {404, 404}, "4xx": {400, 499}, "5XX": {500, 599}, "400-404": {400, 404}, "none": {},
	} {
		if got, err := history.ParseStatusRange(text); got != want || err != nil {
			t.Errorf("%q: got %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "4", "0", "99", "600", "404-", "-404", "404-400", "xx", "6xx", "44xx", "+404", "0404", "4xx-5xx", "ok"} {
		got, err := history.ParseStatusRange(text)
		var wrong *history.StatusError
		if !errors.As(err, &wrong) || wrong.Got != text {
			t.Errorf("%q: got %v, %v; want a *StatusError", text, got, err)
		}
	}
}

func TestReplaysPushNothingOutThatWasReceived(t *testing.T) {
	const received, replays, size = 20, 900, 2_000
	tests := []struct {
		name                      string
		keep                      history.Retention
		receivedLeft, mostReplays int
		oldestReplay              string
	}{
		{"a number with room for some replays", history.Retention{Count: 100}, 20, 80, "820"},
		{"a number with room for none", history.Retention{Count: 20}, 20, 0, ""},
		{"a number below", history.Retention{Count: 7}, 7, 0, ""},
		{"bytes", history.Retention{Bytes: 400_000}, 20, 200, ""},
		{"an age that the replays have not", history.Retention{Age: time.Hour}, 0, 900, "0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clock := noon
			store := open(t, history.Options{Path: path(t), Now: func() time.Time { return clock }})
			body := make([]byte, size)
			for range received {
				add(t, store, history.Record{Source: history.SourceListen, Capture: capture.Request{Body: body}})
			}
			clock = noon.Add(2 * time.Hour)
			for i := range replays {
				add(t, store, history.Record{Source: history.SourceReplay, EventID: strconv.Itoa(i), Capture: capture.Request{Body: body}})
			}
			surplus, err := store.Surplus(t.Context(), tt.keep)
			if err != nil {
				t.Fatal(err)
			}
			removed, err := store.Prune(t.Context(), tt.keep)
			if off := removed - surplus.Records; err != nil || tt.keep.Bytes == 0 && off != 0 {
				t.Errorf("removed %d, %v; Surplus told %d", removed, err, surplus.Records)
			}
			if n := count(t, store, history.Query{Sources: []history.Source{history.SourceListen}}); n != tt.receivedLeft {
				t.Errorf("%d that were received are left, want %d", n, tt.receivedLeft)
			}
			left := list(t, store, history.Query{Sources: []history.Source{history.SourceReplay}, OldestFirst: true})
			if len(left) > tt.mostReplays || tt.keep.Bytes == 0 && len(left) != tt.mostReplays {
				t.Errorf("%d replays are left, want %d", len(left), tt.mostReplays)
			}
			if tt.oldestReplay != "" && left[0].EventID != tt.oldestReplay {
				t.Errorf("the oldest replay left is %s, want %s", left[0].EventID, tt.oldestReplay)
			}
		})
	}
}
