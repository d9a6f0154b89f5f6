package history

import (
	"strings"
	"testing"
)

func TestATransactionIsRefusedWhereItsStatementsDoNotFit(t *testing.T) {
	for _, column := range []string{"record.proto", "answer.duration"} {
		t.Run(column, func(t *testing.T) {
			db, err := openMemory(t.Name())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := migrate(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			table, name, _ := strings.Cut(column, ".")
			if _, err := db.ExecContext(t.Context(), "ALTER TABLE "+table+" RENAME COLUMN "+name+" TO other"); err != nil {
				t.Fatal(err)
			}
			if _, err := newTransaction(t.Context(), db, func() error { return nil }); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v, want an error that names the column", err)
			}
		})
	}
}
