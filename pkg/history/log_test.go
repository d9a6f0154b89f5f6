package history

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// realLog returns a write-ahead log that holds n commits of one record each, and where each of them ends.
func realLog(t testing.TB, n int) (log []byte, ends []int) {
	t.Helper()
	at := filepath.Join(t.TempDir(), "history.db")
	store, err := Open(t.Context(), Options{Path: at})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	for range n {
		if _, err := store.Add(t.Context(), Record{}); err != nil {
			t.Fatal(err)
		}
		if log, err = os.ReadFile(at + logEnding); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, len(log))
	}
	return log, ends
}

func TestLostCommitsCountsThoseBehindTheFirstBrokenFrame(t *testing.T) {
	const n = 6
	whole, ends := realLog(t, n)
	flip := func(at int) []byte {
		log := bytes.Clone(whole)
		log[at] ^= 1
		return log
	}
	tests := []struct {
		name string
		log  []byte
		want int
	}{
		{"a whole log", whole, 0},
		{"no log", nil, 0},
		{"a header that was cut off", whole[:logHeader-1], 0},
		{"a header alone", whole[:logHeader], 0},
		{"a header alone that is broken", flip(9)[:logHeader], 0},
		{"a log that was cut off within a commit", whole[:ends[3]-1], 0},
		{"a broken byte in the last page", flip(ends[5] - 1), 1},
		{"a broken byte in the page before", flip(ends[4] - 1), 2},
		{"a broken byte in the first page", flip(logHeader + frameHeader), n},
		{"a broken page number", flip(logHeader), n},
		{"a broken checksum", flip(logHeader + 16), n},
		{"a broken checksum of the header", flip(24), 2},
		{"a broken magic", flip(0), 2},
		{"a page size that is none", flip(8), 2},
		{"frames of an older log behind", append(bytes.Clone(whole), older(whole[logHeader:])...), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := lostCommits(bytes.NewReader(tt.log)); got != tt.want || err != nil {
				t.Errorf("got %d, %v; want %d", got, err, tt.want)
			}
		})
	}
}

// older gives frames another salt, as those have that a new log has not overwritten yet.
func older(frames []byte) []byte {
	frames = bytes.Clone(frames)
	const frame = frameHeader + 4096
	for at := 0; at+frame <= len(frames); at += frame {
		frames[at+8] ^= 0xff
	}
	return frames
}

func FuzzLostCommits(f *testing.F) {
	log, ends := realLog(f, 3)
	f.Add(log)
	f.Add(log[:ends[1]-100])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, log []byte) {
		lost, err := lostCommits(bytes.NewReader(log))
		if err != nil || lost < 0 || lost > 2+len(log)/(frameHeader+512) {
			t.Errorf("%d commits in %d bytes, %v", lost, len(log), err)
		}
	})
}
