package history_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestListChooses(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	ids := map[string]string{}
	for i, record := range []history.Record{
		{EventID: "a", EventType: "certificate.created", Signature: "valid", Answer: history.Answer{Status: 200}},
		{EventID: "b", EventType: "certificate.minted", Signature: "invalid", Answer: history.Answer{Status: 401}},
		{EventID: "c", EventType: "voucher.claimed", Signature: "stale", Answer: history.Answer{Status: 404}},
		{EventID: "d", EventType: "voucher.created", Signature: "valid", Capture: capture.Request{Body: []byte("Ärger\x00\xff%_"), Header: []capture.Field{{Name: "X-Shop", Value: "7"}}}},
		{EventID: "e", EventType: "", Signature: "unverified", Answer: history.Answer{Status: 500}},
	} {
		record.Capture.Time = noon.Add(time.Duration(i) * time.Minute)
		record.Source = []history.Source{history.SourceListen, history.SourceReplay}[i%2]
		ids[record.EventID] = add(t, store, record)
	}
	tests := []struct {
		name  string
		query history.Query
		want  string
	}{
		{"everything, newest first", history.Query{}, "edcba"},
		{"a type", history.Query{Types: []string{"voucher.claimed"}}, "c"},
		{"a glob of types", history.Query{Types: []string{"certificate.*"}}, "ba"},
		{"two globs", history.Query{Types: []string{"*.created", "voucher.c*"}}, "dca"},
		{"a type in another case", history.Query{Types: []string{"Voucher.*"}}, ""},
		{"what is no event", history.Query{Types: []string{""}}, "e"},
		{"a signature", history.Query{Signature: []history.Signature{"valid"}}, "da"},
		{"two signatures", history.Query{Signature: []history.Signature{"stale", "invalid"}}, "cb"},
		{"a status", history.Query{Status: []history.StatusRange{{404, 404}}}, "c"},
		{"a class of status", history.Query{Status: []history.StatusRange{{400, 499}}}, "cb"},
		{"two classes of status", history.Query{Status: []history.StatusRange{{200, 299}, {500, 599}}}, "ea"},
		{"no answer", history.Query{Status: []history.StatusRange{{}}}, "d"},
		{"since a time that is included", history.Query{Since: noon.Add(3 * time.Minute)}, "ed"},
		{"until a time that is not", history.Query{Until: noon.Add(3 * time.Minute)}, "cba"},
		{"between", history.Query{Since: noon.Add(time.Minute), Until: noon.Add(2 * time.Minute)}, "b"},
		{"since before there was time", history.Query{Since: time.Unix(-1e15, 0)}, "edcba"},
		{"until the end of time", history.Query{Until: time.Unix(1e15, 0)}, "edcba"},
		{"bytes of the body", history.Query{Grep: "r\x00\xff"}, "d"},
		{"what looks like a pattern", history.Query{Grep: "%_"}, "d"},
		{"bytes of the body in another case", history.Query{Grep: "ärger"}, ""},
		{"a header line", history.Query{Grep: "X-Shop: 7\n"}, "d"},
		{"a limit", history.Query{Limit: 2}, "ed"},
		{"a limit beyond the end", history.Query{Limit: 99}, "edcba"},
		{"what comes behind an id", history.Query{Before: ids["c"]}, "ba"},
		{"what comes after an id", history.Query{After: ids["c"]}, "ed"},
		{"a source", history.Query{Sources: []history.Source{history.SourceReplay}}, "db"},
		{"two sources", history.Query{Sources: []history.Source{history.SourceReplay, history.SourceListen}}, "edcba"},
		{"the oldest first", history.Query{OldestFirst: true}, "abcde"},
		{"the newest of them, the oldest first", history.Query{OldestFirst: true, Limit: 2}, "de"},
		{"the newest that fit, the oldest first", history.Query{OldestFirst: true, Limit: 1, Types: []string{"certificate.*"}}, "b"},
		{"as many as there are, the oldest first", history.Query{OldestFirst: true, Limit: 5}, "abcde"},
		{"the oldest first and a limit beyond the end", history.Query{OldestFirst: true, Limit: 99}, "abcde"},
		{"all of it at once", history.Query{Types: []string{"v*"}, Signature: []history.Signature{"valid"}, Since: noon, Grep: "rger", Limit: 1}, "d"},
		{"text that would end the statement", history.Query{Types: []string{"'); DROP TABLE record; --"}, Grep: "'"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got strings.Builder
			for _, record := range list(t, store, tt.query) {
				got.WriteString(record.EventID)
			}
			if got.String() != tt.want {
				t.Errorf("got %q, want %q", got.String(), tt.want)
			}
			tt.query.Limit = 0
			if n := count(t, store, tt.query); n < len(tt.want) {
				t.Errorf("Count = %d, want at least %d", n, len(tt.want))
			}
		})
	}
}

func TestListFindsWhatNoServerTook(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	taken, refused := history.Forward{Target: "http://a", Status: 204, Attempt: 1}, history.Forward{Target: "http://b", Status: 300, Attempt: 1}
	accepted := history.Answer{Status: 200}
	for i, record := range []history.Record{
		{EventID: "a", Answer: accepted},
		{EventID: "b", Answer: accepted, Forwards: []history.Forward{taken}},
		{EventID: "c", Answer: accepted, Forwards: []history.Forward{taken, refused}},
		{EventID: "d", Answer: accepted, Forwards: []history.Forward{{Target: "http://c", Error: "refused"}}},
		{EventID: "e", Answer: accepted, Forwards: []history.Forward{{Target: "http://d", Status: 200, Error: "broke off"}}},
		{EventID: "f", Answer: history.Answer{Status: 299}, Source: history.SourceReplay},
		{EventID: "g", Answer: history.Answer{Status: 199}, Source: history.SourceReplay},
		{EventID: "h", Source: history.SourceReplay},
		{EventID: "i", Answer: history.Answer{Status: 401}},
	} {
		record.Capture.Time = noon.Add(time.Duration(i) * time.Minute)
		add(t, store, record)
	}
	var got strings.Builder
	for _, record := range list(t, store, history.Query{NotTaken: true}) {
		got.WriteString(record.EventID)
	}
	if want := "hgedc"; got.String() != want || count(t, store, history.Query{NotTaken: true}) != len(want) {
		t.Errorf("got %q, want %q", got.String(), want)
	}
}

func TestListReadsLongHistoriesInPages(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	const records = 600
	want := addMany(t, store, records)
	slices.Reverse(want)
	for _, limit := range []int{0, 1, 255, 256, 257, 512, records} {
		var got []string
		for _, record := range list(t, store, history.Query{Limit: limit}) {
			got = append(got, record.ID)
		}
		wanted := want
		if limit > 0 {
			wanted = want[:limit]
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
		var forth []string
		for _, record := range list(t, store, history.Query{Limit: limit, OldestFirst: true}) {
			forth = append(forth, record.ID)
		}
		slices.Reverse(forth)
		if diff := cmp.Diff(wanted, forth); diff != "" {
			t.Errorf("limit %d, the oldest first, reversed (-want +got):\n%s", limit, diff)
		}
	}
}

func TestListLetsOthersWriteAndReadMeanwhile(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	addMany(t, store, 300)
	seen := 0
	for record, err := range store.List(t.Context(), history.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; seen%100 == 0 {
			add(t, store, history.Record{})
			get(t, store, record.ID)
		}
		if seen == 10 {
			if _, err := store.Prune(t.Context(), history.Retention{Count: 299}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if seen != 299 {
		t.Errorf("listed %d records, want 299 of the 300, since the oldest was removed", seen)
	}
}

func TestListGoesOnBehindWhatWasRemovedMeanwhile(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	addMany(t, store, 10)
	seen := 0
	for _, err := range store.List(t.Context(), history.Query{OldestFirst: true}) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; seen == 1 {
			if _, err := store.Prune(t.Context(), history.Retention{Count: 5}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if seen != 6 { // the one before the removal, and those that are left
		t.Errorf("%d records, want 6", seen)
	}
}

func TestListEndsWhenItsContextDoes(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	addMany(t, store, 3)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	seen := 0
	for _, last = range store.List(ctx, history.Query{}) {
		seen++
		cancel()
	}
	if seen != 2 || !errors.Is(last, context.Canceled) {
		t.Errorf("yielded %d times, lastly %v; want a record and then %v", seen, last, context.Canceled)
	}
}

func TestSeenIDsAreOfWhatWasReceivedAndIsNotForged(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	for _, record := range []history.Record{
		{EventID: "evt_valid", Signature: history.SignatureValid, Source: history.SourceListen},
		{EventID: "evt_tunnel", Signature: history.SignatureValid, Source: history.SourceTunnel},
		{EventID: "evt_without_secret", Signature: history.SignatureUnverified, Source: history.SourceListen},
		{EventID: "evt_forged", Signature: history.SignatureInvalid, Source: history.SourceListen},
		{EventID: "evt_old", Signature: history.SignatureStale, Source: history.SourceListen},
		{EventID: "evt_imported", Signature: history.SignatureValid, Source: history.SourceImport},
		{EventID: "evt_sent", Signature: history.SignatureValid, Source: history.SourceReplay},
		{EventID: "", Signature: history.SignatureValid, Source: history.SourceListen},
	} {
		add(t, store, record)
	}
	for limit, want := range map[int][]string{
		100: {"evt_valid", "evt_tunnel", "evt_without_secret"}, 2: {"evt_tunnel", "evt_without_secret"}, 0: nil,
	} {
		got, err := store.SeenIDs(t.Context(), limit)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("at most %d: %v (-want +got)\n%s", limit, err, diff)
		}
	}
}

func list(t testing.TB, store *history.Store, q history.Query) []history.Record {
	t.Helper()
	var records []history.Record
	for record, err := range store.List(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, record)
	}
	return records
}

// addMany adds n records, in groups, and returns their ids in order of time.
func addMany(t testing.TB, store *history.Store, n int) []string {
	t.Helper()
	ids := make([]string, n)
	parallel(n, func(i int) {
		record := minted
		record.Capture.Time = noon.Add(time.Duration(i) * time.Second)
		record.EventID = fmt.Sprint("evt_", i)
		ids[i] = add(t, store, record)
	})
	return ids
}
