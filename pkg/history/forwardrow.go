package history

import (
	"time"
)

// forwardRow holds the columns of table forward.
type forwardRow struct {
	target           string
	status, duration int64
	error            string
	attempt, seal    int64
}

const forwardColumns = "target, status, duration, error, attempt, seal"

func newForwardRow(id string, forward Forward) *forwardRow {
	f := &forwardRow{
		target: forward.Target, status: int64(forward.Status), duration: int64(forward.Duration),
		error: forward.Error, attempt: int64(forward.Attempt),
	}
	f.seal = f.sum(id)
	return f
}

func (f *forwardRow) sum(id string) int64 {
	return seal(id, f.target, f.status, f.duration, f.error, f.attempt)
}

func (f *forwardRow) values(record int64) []any {
	return []any{f.target, f.status, f.duration, f.error, f.attempt, f.seal, record}
}

func (f *forwardRow) targets() []any {
	return []any{&f.target, &f.status, &f.duration, &f.error, &f.attempt, &f.seal}
}

func (f *forwardRow) forward(id string) (Forward, error) {
	if found := f.sum(id); found != f.seal {
		return Forward{}, &sealError{"a forward", found, f.seal}
	}
	return Forward{
		Target: f.target, Status: int(f.status), Duration: time.Duration(f.duration), Error: f.error, Attempt: int(f.attempt),
	}, nil
}
