package history_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

func TestGetFindsARecordByWhateverItIsCalled(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	for _, record := range []struct{ id, event string }{
		{"01JGK0AAAAAAAAAAAAAAAAAAAA", "evt_one"},
		{"01JGK0BBBBBBBBBBBBBBBBBBBB", "evt_two"},
		{"01JGK0BBCCCCCCCCCCCCCCCCCC", "evt_two"},
		{"01JGK1DDDDDDDDDDDDDDDDDDDD", "evt_twofold"},
		{"01JGK2EEEEEEEEEEEEEEEEEEEE", ""},
	} {
		add(t, store, history.Record{ID: record.id, EventID: record.event})
	}
	tests := []struct{ name, ref, want string }{
		{"the newest", "last", "01JGK2EEEEEEEEEEEEEEEEEEEE"},
		{"a whole id", "01JGK0AAAAAAAAAAAAAAAAAAAA", "01JGK0AAAAAAAAAAAAAAAAAAAA"},
		{"a whole id in lower case", "01jgk0aaaaaaaaaaaaaaaaaaaa", "01JGK0AAAAAAAAAAAAAAAAAAAA"},
		{"the beginning of an id", "01jgk1", "01JGK1DDDDDDDDDDDDDDDDDDDD"},
		{"an id that others begin like", "01JGK0BBB", "01JGK0BBBBBBBBBBBBBBBBBBBB"},
		{"an event", "evt_one", "01JGK0AAAAAAAAAAAAAAAAAAAA"},
		{"an event that came twice", "evt_two", "01JGK0BBCCCCCCCCCCCCCCCCCC"},
		{"the beginning of an event", "evt_o", "01JGK0AAAAAAAAAAAAAAAAAAAA"},
		{"the beginning of one that another begins", "evt_twof", "01JGK1DDDDDDDDDDDDDDDDDDDD"},
		{"the end of an id", "eeee", "01JGK2EEEEEEEEEEEEEEEEEEEE"},
		{"the end of an event that came twice", "_two", "01JGK0BBCCCCCCCCCCCCCCCCCC"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := get(t, store, tt.ref).ID; got != tt.want {
				t.Errorf("%q is %s, want %s", tt.ref, got, tt.want)
			}
		})
	}
	for _, ref := range []string{"", "x", "LAST", "EEE", "two", "EVT_ONE", "01JGK0AAAAAAAAAAAAAAAAAAAAA", "../../x", "%", "*", "\x00", "\xff", strings.Repeat("0", 1<<16)} {
		var unknown *history.NotFoundError
		if record, err := store.Get(t.Context(), ref); !errors.As(err, &unknown) || unknown.Ref != ref {
			t.Errorf("%.30q gives %q, %.99v, want a *NotFoundError", ref, record.ID, err)
		}
	}
}

func TestGetSaysWhichIDsBeginSo(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	var ids []string
	for i := range 12 {
		ids = append([]string{add(t, store, history.Record{ID: fmt.Sprintf("01JGK00000000000000000%04d", i), EventID: fmt.Sprintf("evt_%04d", i)})}, ids...)
	}
	tests := []struct {
		ref  string
		want []string
		more bool
	}{
		{"01jgk0", ids[:10], true},
		{"01JGK00000000000000000001", ids[:2], false},
		{"01JGK00000000000000000000", ids[2:], false},
		{"evt_001", []string{"evt_0010", "evt_0011"}, false},
		{"0003", []string{ids[8], "evt_0003"}, false},
	}
	for _, tt := range tests {
		_, err := store.Get(t.Context(), tt.ref)
		var ambiguous *history.AmbiguousError
		if !errors.As(err, &ambiguous) {
			t.Errorf("%s gives %v, want an *AmbiguousError", tt.ref, err)
			continue
		}
		if diff := cmp.Diff(&history.AmbiguousError{Ref: tt.ref, Candidates: tt.want, More: tt.more}, ambiguous); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

func TestGetOfAnEmptyHistory(t *testing.T) {
	store := open(t, history.Options{Path: path(t)})
	var unknown *history.NotFoundError
	if _, err := store.Get(t.Context(), "last"); !errors.As(err, &unknown) {
		t.Errorf("got %v, want a *NotFoundError", err)
	}
}
