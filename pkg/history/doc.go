// Package history keeps captured requests, and what was learnt about them, in one SQLite file that several processes
// share.
//
//	store, err := history.Open(ctx, history.Options{Path: path})
//	if damaged := new(history.DamagedError); errors.As(err, &damaged) {
//		// The file went to damaged.MovedTo; opening again begins a new one.
//	}
//	…
//	id, err := store.Add(ctx, history.Record{Capture: request, EventID: "evt_1", Signature: history.SignatureValid})
//	// From here on the record survives a crash: now the sender may be answered.
//
// [Store.Add] returns when the record is on disk. Records that are added at the same time share one sync of the disk, so
// many at once cost little more than one. What waits is bounded: beyond that Add fails with [ErrQueueFull] at once, and
// a server should answer 503.
//
// Records are read newest first, by [Store.List], or one at a time by whatever a person may call them, see [Store.Get].
// Every record carries checksums: what comes back is what was added, byte for byte, or a [*DamagedError].
package history
