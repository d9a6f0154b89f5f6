//go:build unix

package history_test

import (
	"os"
	"testing"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// What was added before the file was moved is in it, and nothing of it is taken for part of the file that came in its place.
func TestALogGoesWithTheFileThatItBelongsTo(t *testing.T) {
	for name, other := range map[string]bool{"with nothing in its place": false, "with another in its place": true} {
		t.Run(name, func(t *testing.T) {
			at, elsewhere := path(t), path(t)
			store := open(t, history.Options{Path: at})
			kept := add(t, store, minted)
			if err := os.Rename(at, elsewhere); err != nil {
				t.Fatal(err)
			}
			want := 0
			if other {
				came := path(t)
				another := open(t, history.Options{Path: came})
				add(t, another, minted)
				add(t, another, minted)
				if err := another.Close(); err != nil {
					t.Fatal(err)
				}
				if err := os.Rename(came, at); err != nil {
					t.Fatal(err)
				}
				want = 2
			}
			if err := store.Leave(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := count(t, open(t, history.Options{Path: at}), history.Query{}); got != want {
				t.Errorf("%d records in the place, want %d", got, want)
			}
			if _, err := open(t, history.Options{Path: elsewhere}).Get(t.Context(), kept); err != nil {
				t.Errorf("what was moved has lost its record: %v", err)
			}
		})
	}
}
