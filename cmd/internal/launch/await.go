package launch

import (
	"context"
	"os"
	"time"
)

// pause is the time between two looks at the target.
const pause = 50 * time.Millisecond

// await returns when the target answers while the app runs.
func (a *App) await(ctx context.Context, target Target, wait time.Duration) error {
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	look := time.NewTicker(pause)
	defer look.Stop()
	var last error
	for {
		err := target.probe(limited)
		select {
		case <-a.ended:
			return &ExitedError{Target: target, State: a.command.ProcessState.String()}
		default:
		}
		if err == nil {
			return nil
		}
		if last == nil || !os.IsTimeout(err) { // a look that the end of the wait cut short says nothing new
			last = err
		}
		select {
		case <-look.C:
		case <-a.ended:
		case <-limited.Done():
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return &NotReadyError{Target: target, Wait: wait, Last: last}
		}
	}
}
