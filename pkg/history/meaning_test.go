package history_test

import (
	"errors"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// TestDamageThatLeavesADatabaseInOrderIsFound changes what a flipped bit may change without any page being the worse for it.
func TestDamageThatLeavesADatabaseInOrderIsFound(t *testing.T) {
	for name, tt := range map[string]struct {
		change string
		whole  bool // the file is set aside, and not one record told of
	}{
		"a forward of a record that is not there": {"UPDATE forward SET record = 9999 WHERE record = 2 AND number = 1", true},
		"an answer of a record that is not there": {"UPDATE answer SET record = 9999 WHERE record = 2", true},
		"a column of another name": {"PRAGMA writable_schema = 1; " +
			"UPDATE sqlite_schema SET sql = replace(sql, 'seal', 'sea1') WHERE name = 'answer'; PRAGMA writable_schema = 0", true},
		"an older version":                 {"PRAGMA user_version = 1", true},
		"a version below all":              {"PRAGMA user_version = -7", true},
		"a forward of a later number":      {"UPDATE forward SET number = 7 WHERE record = 2 AND number = 0", false},
		"a forward of another record":      {"UPDATE forward SET record = 3, number = 2 WHERE record = 2 AND number = 1", false},
		"a status that was not the answer": {"UPDATE answer SET status = 201 WHERE record = 2", false},
	} {
		t.Run(name, func(t *testing.T) {
			at := path(t)
			made(t, at, 3)
			db := raw(t, at)
			if _, err := db.Exec("PRAGMA foreign_keys = 0; " + tt.change + "; PRAGMA wal_checkpoint"); err != nil {
				t.Fatal(err)
			}
			db.Close()
			store, err := history.Open(t.Context(), history.Options{Path: at})
			var damaged *history.DamagedError
			if tt.whole {
				if !errors.As(err, &damaged) || damaged.MovedTo == "" {
					t.Errorf("Open() = %v, want a *DamagedError that tells where the file went", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			found := 0
			for _, err := range store.List(t.Context(), history.Query{}) {
				if errors.As(err, &damaged) && damaged.Record != "" {
					found++
				}
			}
			if found != 1 {
				t.Errorf("%d records are told to be damaged, want 1", found)
			}
		})
	}
}
