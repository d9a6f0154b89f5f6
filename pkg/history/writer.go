package history

import (
	"context"
	"time"
)

// writer is the only goroutine of a store that writes. What came while it was busy goes into its next transaction as a
// whole, so that many wait for one sync of the disk together.
type writer struct {
	queue *queue
	tx    *transaction
	keep  Retention
	now   func() time.Time
	added int // since the retention was last held to
	ended chan struct{}
}

func (w *writer) run() {
	defer close(w.ended)
	ctx := context.Background() // what was taken from the queue is written, whoever still waits for it
	for group := w.queue.take(); len(group) > 0; group = w.queue.take() {
		w.commit(ctx, group)
		w.tidy(ctx, len(group))
	}
}

// tidy holds to the retention. The size is looked at each time, since a few records may exceed it.
func (w *writer) tidy(ctx context.Context, written int) {
	if w.added += written; w.added < pruneStep && w.keep.Bytes == 0 {
		return
	}
	w.added = 0
	for more := true; more; {
		_, err := w.transact(ctx, []*write{{do: func(ctx context.Context, t *transaction) (err error) {
			_, more, err = t.prune(ctx, w.keep, w.now())
			return err
		}}})
		if err != nil {
			return // it is tried again after the next records
		}
	}
}

// commit writes a group. When one of it fails, the others are none the worse: each is written by itself.
func (w *writer) commit(ctx context.Context, group []*write) {
	culprit, err := w.transact(ctx, group)
	if culprit != nil && len(group) > 1 {
		for _, one := range group {
			w.commit(ctx, []*write{one})
		}
		return
	}
	for _, one := range group {
		one.done <- err
	}
}

// transact returns the write that failed, if it was one of them and not the transaction.
func (w *writer) transact(ctx context.Context, group []*write) (culprit *write, err error) {
	if err := w.tx.begin(ctx); err != nil {
		return nil, err
	}
	for _, one := range group {
		if err := one.do(ctx, w.tx); err != nil {
			w.tx.rollback(ctx)
			return one, err
		}
	}
	return nil, w.tx.commit(ctx)
}
