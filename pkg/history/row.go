package history

import (
	"encoding/json"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// row holds the columns of table record as SQLite keeps them.
type row struct {
	id                 string
	kept               int64 // unix milliseconds
	eventID, eventType string
	signature          string
	duplicate          int64
	drift              string
	source, replayOf   string
	time               any // int64 of unix nanoseconds, or nil
	method, url, proto string
	remoteAddr         string
	header, body       []byte
	seal               int64
	bound              []any // values and seal, of a row to be added: made apart from the one who writes
}

const rowColumns = "id, kept, event_id, event_type, signature, duplicate, drift, source, replay_of, time, " +
	"method, url, proto, remote_addr, header, body, seal"

// values are those of rowColumns, without the seal.
func (r *row) values() []any {
	const columns = 17
	return append(make([]any, 0, columns),
		r.id, r.kept, r.eventID, r.eventType, r.signature, r.duplicate, r.drift, r.source, r.replayOf, r.time,
		r.method, r.url, r.proto, r.remoteAddr, r.header, r.body,
	)
}

// targets are where Scan puts rowColumns.
func (r *row) targets() []any {
	return []any{
		&r.id, &r.kept, &r.eventID, &r.eventType, &r.signature, &r.duplicate, &r.drift, &r.source, &r.replayOf, &r.time,
		&r.method, &r.url, &r.proto, &r.remoteAddr, &r.header, &r.body, &r.seal,
	}
}

// The times that nanoseconds since 1970 can tell, in 64 bits.
const lastYear = 2261

func newRow(record Record, id ulid.ULID, now time.Time) (*row, error) {
	request := record.Capture
	header, err := encodeHeader("Capture.Header", request.Header)
	if err != nil {
		return nil, err
	}
	drift, err := json.Marshal(record.Drift)
	if err != nil {
		return nil, err
	}
	r := &row{
		id: id.String(), kept: now.UnixMilli(),
		eventID: record.EventID, eventType: record.EventType, signature: string(record.Signature), drift: string(drift),
		source: string(record.Source), replayOf: record.ReplayOf,
		method: request.Method, url: request.URL, proto: request.Proto, remoteAddr: request.RemoteAddr,
		header: header, body: append([]byte{}, request.Body...),
	}
	if record.Duplicate {
		r.duplicate = 1
	}
	if !request.Time.IsZero() {
		r.time = request.Time.UnixNano()
	}
	r.bound = r.values()
	r.seal = seal(r.bound...)
	r.bound = append(r.bound, r.seal)
	return r, nil
}

func (r *row) record() (Record, error) {
	if found := seal(r.values()...); found != r.seal {
		return Record{}, &sealError{"what was captured", found, r.seal}
	}
	record := Record{
		ID: r.id,
		Capture: capture.Request{
			Method: r.method, URL: r.url, Proto: r.proto, Header: decodeHeader(r.header), Body: r.body, RemoteAddr: r.remoteAddr,
		},
		EventID: r.eventID, EventType: r.eventType, Signature: Signature(r.signature), Duplicate: r.duplicate != 0,
		Source: Source(r.source), ReplayOf: r.replayOf,
	}
	if at, known := r.time.(int64); known {
		record.Capture.Time = time.Unix(0, at).UTC()
	}
	if err := json.Unmarshal([]byte(r.drift), &record.Drift); err != nil {
		return Record{}, err
	}
	return record, nil
}
