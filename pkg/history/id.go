package history

import (
	"io"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// ids makes ids that sort by time, and within one millisecond in the order in which they were asked for.
type ids struct {
	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
}

func newIDs(random io.Reader) *ids { return &ids{entropy: ulid.Monotonic(random, 0)} }

func (i *ids) next(at time.Time) (ulid.ULID, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return ulid.New(ulid.Timestamp(at), i.entropy)
}

// of returns the id of record, or a new one of its time.
func (i *ids) of(record Record, now time.Time) (ulid.ULID, error) {
	at := record.Capture.Time
	if at.IsZero() {
		at = now
	}
	if year := at.UTC().Year(); year < 1970 || year > lastYear {
		return ulid.ULID{}, &RecordError{"Capture.Time", at.String(), ErrTimeRange}
	}
	if record.ID == "" {
		return i.next(at)
	}
	id, err := ulid.ParseStrict(record.ID)
	if err != nil {
		return ulid.ULID{}, &RecordError{"ID", record.ID, ErrNoID}
	}
	return id, nil
}

// firstID is the least id of a time, to the millisecond.
func firstID(at time.Time) string {
	var id ulid.ULID
	if at.UnixMilli() > 0 {
		_ = id.SetTime(min(ulid.Timestamp(at), ulid.MaxTime())) // fails beyond MaxTime only
	}
	return id.String()
}
