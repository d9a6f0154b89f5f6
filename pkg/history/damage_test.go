package history_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// files are those of one history, by their endings.
type files map[string][]byte

// made makes a history of n records and closes it.
func made(t testing.TB, at string, n int) []history.Record {
	t.Helper()
	store, err := history.Open(t.Context(), history.Options{Path: at})
	if err != nil {
		t.Fatal(err)
	}
	addMany(t, store, n)
	records := list(t, store, history.Query{})
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return records
}

func content(t testing.TB, at string) []byte {
	t.Helper()
	data, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// closed is a history as it lies on the disk when nobody uses it.
func closed(t testing.TB, n int) (files, []history.Record) {
	at := path(t)
	records := made(t, at, n)
	return files{"": content(t, at)}, records
}

// crashed is a history as a killed process leaves it, with records in the log that are not in the main file yet.
func crashed(t testing.TB, n int) (files, []history.Record) {
	at := path(t)
	store := open(t, history.Options{Path: at})
	for range n {
		add(t, store, minted)
	}
	records := list(t, store, history.Query{})
	return files{"": content(t, at), "-wal": content(t, at+"-wal")}, records
}

// TestDamageIsFoundOrDoesNoHarm breaks a history in many places, one at a time. Whatever is broken, the whole of it comes
// back, or an error does, and then nothing of it is lost.
func TestDamageIsFoundOrDoesNoHarm(t *testing.T) {
	whole, records := closed(t, 40)
	log, logged := crashed(t, 12)
	tests := []struct {
		name    string
		files   files
		records []history.Record
		broken  string // the ending of the file that is broken
		tail    int    // how many of the newest records nobody could tell from a commit that was never finished
	}{
		{"a closed history", whole, records, "", 0},
		{"a history with a log", log, logged, "", 0},
		{"the log", log, logged, "-wal", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			size := len(tt.files[tt.broken])
			for at := 0; at < size; at += 1 + size/41 {
				changed := bytes.Clone(tt.files[tt.broken])
				changed[at] ^= 0x55
				expectHarmless(t, "flipped", at, tt.files, tt.broken, changed, tt.records, tt.tail)
			}
		})
	}
}

// TestTruncationIsFound cuts a history short. A log that is cut short looks like one that was not written to the end, so
// it is left to SQLite, which finds what is whole.
func TestTruncationIsFound(t *testing.T) {
	whole, records := closed(t, 40)
	log, logged := crashed(t, 12)
	size := len(whole[""])
	for at := 0; at < size; at += 1 + size/23 {
		expectHarmless(t, "cut", at, whole, "", whole[""][:at], records, 0)
	}
	size = len(log[""])
	for at := 0; at < size; at += 1 + size/19 {
		expectHarmless(t, "cut", at, log, "", log[""][:at], logged, 0)
	}
	size = len(log["-wal"])
	for at := 0; at < size; at += 1 + size/23 {
		expectHarmless(t, "cut", at, log, "-wal", log["-wal"][:at], logged, len(logged))
	}
}

func expectHarmless(t *testing.T, how string, at int, whole files, broken string, changed []byte, records []history.Record, tail int) {
	t.Helper()
	where := path(t)
	now := maps.Clone(whole)
	now[broken] = changed
	for ending, data := range now {
		if err := os.WriteFile(where+ending, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store, err := history.Open(t.Context(), history.Options{Path: where})
	if err != nil {
		expectSetAside(t, how, at, err, where, now)
		return
	}
	defer store.Close()
	var got []history.Record
	for record, err := range store.List(t.Context(), history.Query{}) {
		if damaged := (*history.DamagedError)(nil); errors.As(err, &damaged) {
			return
		}
		if err != nil {
			t.Errorf("%s at %d: %v", how, at, err)
		}
		got = append(got, record)
	}
	if lost := len(records) - len(got); lost < 0 || lost > tail {
		t.Errorf("%s at %d: %d of %d records are there and nobody was told", how, at, len(got), len(records))
	} else if diff := cmp.Diff(records[lost:], got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s at %d: other records came back (-want +got):\n%s", how, at, diff)
	}
}

// expectSetAside wants what was there to be kept under another name, and room for a new history.
func expectSetAside(t *testing.T, how string, at int, err error, where string, was files) {
	t.Helper()
	var damaged *history.DamagedError
	var foreign *history.FileError
	var newer *history.VersionError
	switch {
	case errors.As(err, &foreign) && errors.Is(err, history.ErrForeign), errors.As(err, &newer):
		if string(content(t, where)) != string(was[""]) {
			t.Errorf("%s at %d: refused with %v, and yet changed", how, at, err)
		}
		return
	case !errors.As(err, &damaged) || damaged.MovedTo == "" || damaged.Path != where:
		t.Fatalf("%s at %d: got %v, want a *DamagedError that tells where the file went", how, at, err)
	}
	if string(content(t, damaged.MovedTo)) != string(was[""]) {
		t.Errorf("%s at %d: the file was changed when it was set aside", how, at)
	}
	if log := was["-wal"]; len(log) > 0 && string(content(t, damaged.MovedTo+"-wal")) != string(log) {
		t.Errorf("%s at %d: its log was not set aside as it was", how, at)
	}
	store, err := history.Open(t.Context(), history.Options{Path: where})
	if err != nil {
		t.Fatalf("%s at %d: opening again gives %v, want a new history", how, at, err)
	}
	defer store.Close()
	if n := count(t, store, history.Query{}); n != 0 {
		t.Errorf("%s at %d: the new history holds %d records", how, at, n)
	}
}

func TestADamagedFileIsNotMovedBeforeTheLastHasClosedIt(t *testing.T) {
	at := path(t)
	store, err := history.Open(t.Context(), history.Options{Path: at})
	if err != nil {
		t.Fatal(err)
	}
	add(t, store, minted)
	file, err := os.OpenFile(at, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(bytes.Repeat([]byte("x"), 100), 0); err != nil {
		t.Fatal(err)
	}
	_, err = history.Open(t.Context(), history.Options{Path: at})
	var damaged *history.DamagedError
	if !errors.As(err, &damaged) || damaged.MovedTo != "" {
		t.Errorf("while it is open: got %v, want a *DamagedError and nothing moved", err)
	}
	_ = store.Close() // what becomes of a log whose file is broken is for SQLite to tell
	file.Close()
	_, err = history.Open(t.Context(), history.Options{Path: at})
	if !errors.As(err, &damaged) || damaged.MovedTo == "" {
		t.Errorf("after that: got %v, want a *DamagedError that tells where it went", err)
	}
}

func TestALogWithoutItsFileIsSetAside(t *testing.T) {
	log, _ := crashed(t, 3)
	at := path(t)
	if err := os.WriteFile(at+"-wal", log["-wal"], 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := history.Open(t.Context(), history.Options{Path: at})
	var damaged *history.DamagedError
	if !errors.As(err, &damaged) || damaged.MovedTo == "" {
		t.Fatalf("got %v, want a *DamagedError that tells where the log went", err)
	}
	if string(content(t, damaged.MovedTo+"-wal")) != string(log["-wal"]) {
		t.Error("the log was not kept as it was")
	}
}

func TestIsSetAside(t *testing.T) {
	at := path(t)
	if err := os.WriteFile(at, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := history.Open(t.Context(), history.Options{Path: at})
	var damaged *history.DamagedError
	if !errors.As(err, &damaged) || !history.IsSetAside(damaged.MovedTo) {
		t.Errorf("%v is not known to be set aside", err)
	}
	for _, name := range []string{"", at, "history.db.damaged-", "x.damaged-yesterday", "/tmp/x.damaged-20260102T030405.000000000Z/history.db"} {
		if history.IsSetAside(name) {
			t.Errorf("%q is taken for one that was set aside", name)
		}
	}
}

func TestADamagedFileIsLeftToWhoeverLooksAtIt(t *testing.T) {
	at := path(t)
	if err := os.WriteFile(at, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := history.Open(t.Context(), history.Options{Path: at, LeaveDamaged: true})
	var damaged *history.DamagedError
	if !errors.As(err, &damaged) || damaged.MovedTo != "" {
		t.Errorf("got %v, want a *DamagedError about a file that is in its place", err)
	}
	if got := string(content(t, at)); got != "no database" {
		t.Errorf("the file was changed to %q", got)
	}
}
