package history_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestAHistoryIsThereAgainWhenItIsOpenedAgain(t *testing.T) {
	for _, name := range []string{"history.db", "a b?c#d%20&é.db"} {
		at := filepath.Join(t.TempDir(), name)
		want := made(t, at, 3)
		got := list(t, open(t, history.Options{Path: at}), history.Query{})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, err := os.Stat(at); err != nil {
			t.Error(err)
		}
	}
}

// A file of the first version has everything but the index of replays.
func TestOpenBringsAnOlderFileUpToDate(t *testing.T) {
	at := path(t)
	want := made(t, at, 3)
	db := raw(t, at)
	if _, err := db.Exec("DROP INDEX record_replay; PRAGMA user_version = 1; PRAGMA wal_checkpoint"); err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{true, false} {
		store := open(t, history.Options{Path: at, ReadOnly: readOnly})
		if diff := cmp.Diff(want, list(t, store, history.Query{})); diff != "" {
			t.Errorf("ReadOnly %t (-want +got):\n%s", readOnly, diff)
		}
	}
	var version, indexes int
	err := db.QueryRow("SELECT (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema WHERE name = 'record_replay')").Scan(&version, &indexes)
	if version != 2 || indexes != 1 || err != nil {
		t.Errorf("the file has version %d and %d index of replays, %v; want 2 and 1", version, indexes, err)
	}
}

func TestOpenLeavesAFileAloneThatIsNotForIt(t *testing.T) {
	tests := []struct {
		name, change string
		check        func(error) bool
	}{
		{"of a newer build", "PRAGMA user_version = 3", func(err error) bool {
			var newer *history.VersionError
			return errors.As(err, &newer) && newer.Found == 3 && newer.Known == 2
		}},
		{"of another program", "PRAGMA application_id = 7", func(err error) bool { return errors.Is(err, history.ErrForeign) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at := path(t)
			made(t, at, 3)
			db := raw(t, at)
			if _, err := db.Exec(tt.change + "; PRAGMA wal_checkpoint"); err != nil {
				t.Fatal(err)
			}
			db.Close()
			before := content(t, at)
			for _, readOnly := range []bool{false, true} {
				if _, err := history.Open(t.Context(), history.Options{Path: at, ReadOnly: readOnly}); !tt.check(err) {
					t.Errorf("ReadOnly %t: got %v", readOnly, err)
				}
			}
			if string(content(t, at)) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestAReadOnlyStoreReadsAndRefusesToWrite(t *testing.T) {
	at := path(t)
	want := made(t, at, 3)
	store := open(t, history.Options{Path: at, ReadOnly: true})
	if diff := cmp.Diff(want, list(t, store, history.Query{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var readOnly *history.ReadOnlyError
	if _, err := store.Add(t.Context(), minted); !errors.As(err, &readOnly) {
		t.Errorf("Add: got %v, want a *ReadOnlyError", err)
	}
	if err := store.Update(t.Context(), want[0].ID, history.Change{}); !errors.As(err, &readOnly) {
		t.Errorf("Update: got %v, want a *ReadOnlyError", err)
	}
	if _, err := store.Prune(t.Context(), history.Retention{Count: 1}); !errors.As(err, &readOnly) {
		t.Errorf("Prune: got %v, want a *ReadOnlyError", err)
	}
}

func TestAReadOnlyStoreSeesWhatIsStillInTheLog(t *testing.T) {
	at := path(t)
	writing := open(t, history.Options{Path: at})
	id := add(t, writing, minted)
	reading := open(t, history.Options{Path: at, ReadOnly: true})
	get(t, reading, id)
	get(t, reading, add(t, writing, minted))
}

func TestAReadOnlyStoreIsNotMade(t *testing.T) {
	at := path(t)
	if _, err := history.Open(t.Context(), history.Options{Path: at, ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
	if files, err := os.ReadDir(filepath.Dir(at)); len(files) != 0 || err != nil {
		t.Errorf("%d files were made, %v", len(files), err)
	}
}

func TestStoresInMemoryAreApart(t *testing.T) {
	one, other := openMemory(t, history.Options{}), openMemory(t, history.Options{})
	want := minted
	want.ID = add(t, one, minted)
	if diff := cmp.Diff(want, get(t, one, "last")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if n := count(t, other, history.Query{}); n != 0 {
		t.Errorf("the other holds %d records", n)
	}
	addMany(t, one, 200)
	for i, record := range list(t, one, history.Query{}) {
		if i%50 == 0 {
			add(t, one, minted)
			get(t, one, record.ID)
		}
	}
}

func TestOpenTriesNothingWhereAFolderCannotBe(t *testing.T) {
	at := path(t)
	if err := os.WriteFile(at, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var refused *history.FileError
	if _, err := history.Open(t.Context(), history.Options{Path: filepath.Join(at, "history.db")}); !errors.As(err, &refused) {
		t.Errorf("got %v, want a *FileError", err)
	}
}

func TestErrorsNameWhatTheyAreAbout(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&history.DamagedError{Path: "h.db", MovedTo: "h.db.damaged-1", Problem: "it is empty"}, "h.db is damaged: it is empty; it was moved to h.db.damaged-1"},
		{&history.DamagedError{Path: "h.db", Record: "01A", Problem: "x"}, "record 01A in h.db is damaged: x"},
		{&history.VersionError{Path: "h.db", Found: 3, Known: 1}, "h.db has schema version 3, this build knows up to 1"},
		{&history.ReadOnlyError{Path: "h.db"}, "h.db is open for reading only"},
		{&history.ReadOnlyError{Path: "h.db", Err: fs.ErrPermission}, "h.db cannot be written: permission denied"},
		{&history.FileError{Path: "h.db", Err: history.ErrSymlink}, "h.db: is a symbolic link"},
		{&history.RecordError{Field: "ID", Got: "x", Err: history.ErrNoID}, `ID "x": is no ULID`},
		{&history.NotFoundError{Ref: "x\x1b"}, `no record is called "x\x1b"`},
		{&history.AmbiguousError{Ref: "0", Candidates: []string{"01", "02"}, More: true}, `"0" stands for more than one id: 01, 02, …`},
	} {
		if got := fmt.Sprint(tt.err); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
