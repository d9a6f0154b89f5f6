package forward

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// MaxAnswer is how many bytes of an answer's body are kept; the rest is not read.
const MaxAnswer = 1 << 20

// What an [Answer] may fail with beside *delivery.UnreachableError, the error of a context that ended, and the one of
// signature.Sign; use errors.Is.
var (
	ErrQueueFull = errors.New("queue of the target is full")
	ErrDropped   = errors.New("delivery was dropped by an injected fault")
)

// QueueFullError says that too many deliveries wait for a target. It is an [ErrQueueFull].
type QueueFullError struct {
	Target  string
	Waiting int
}

func (e *QueueFullError) Error() string {
	return fmt.Sprintf("%d deliveries wait for %s already", e.Waiting, e.Target)
}

// Unwrap returns [ErrQueueFull].
func (e *QueueFullError) Unwrap() error { return ErrQueueFull }

// Answer is what came of one delivery at one target.
type Answer struct {
	Target string // URL

	Status int // 0 when no answer came; set beside Err when its body broke off
	// Header has the lines of the answer but those of its connection and its length, sorted by name. Body is at most its
	// first 1 MiB; BodyTruncated tells whether there was more.
	Header        []capture.Field
	Body          []byte
	BodyTruncated bool

	Duration time.Duration // of the last attempt, until the answer was read
	Attempts int           // 0 when none reached out to the target
	// Err is nil when the target answered, whatever the status.
	Err error
	// Fault names the faults that were injected, such as "delay=2s,status=500"; an answer to the second sending of a
	// delivery has "duplicate" alone.
	Fault string
	// Health says whether the target can be reached, as of this answer.
	Health Health
}

// OK reports whether the target took the event.
func (a Answer) OK() bool { return a.Err == nil && a.Status >= 200 && a.Status < 300 }

// Result is what came of a delivery.
type Result struct {
	Delivery Delivery
	// Answers has one for each target that took the event, in the order of the routes, and one more right behind it for a
	// delivery that was duplicated.
	Answers []Answer
	// Unrouted tells that no route takes events of this type.
	Unrouted bool
}

// Run is a delivery under way. It is safe for concurrent use.
type Run struct {
	delivery Delivery
	answered chan struct{}
	first    Answer     // once answered is closed
	answers  [][]Answer // by target, once targets are done
	targets  sync.WaitGroup
	refused  error
}

// Refused tells at once, without waiting for anything, that the queue of a target is full: a [*QueueFullError]. A sender
// must not be told then that the event was taken.
func (r *Run) Refused() error { return r.refused }

// First waits for the answer of the first route that takes the event, the one that goes back to the sender. It is zero if
// there is no such route.
func (r *Run) First() Answer {
	<-r.answered
	return r.first
}

// Wait waits for the answers of all targets.
func (r *Run) Wait() Result {
	r.targets.Wait()
	result := Result{Delivery: r.delivery, Unrouted: len(r.answers) == 0}
	for _, answers := range r.answers {
		result.Answers = append(result.Answers, answers...)
	}
	return result
}
