package forward

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// DefaultTimeout bounds one attempt when [Options.Timeout] is zero; the guide wants an answer within it (Pocketbook
// webhook guide, section Getting Started).
const DefaultTimeout = delivery.DefaultTimeout

// DefaultQueue is how many deliveries may wait for one target when [Options.Queue] is zero.
const DefaultQueue = 1000

// Options say where a [Forwarder] hands events on to, and how. The zero value has no route and forwards nothing.
type Options struct {
	// Routes are tried in this order; every target that takes an event gets it.
	Routes []Route
	// Timeout bounds one attempt, from looking the host up to the last byte of the answer; 0 is [DefaultTimeout].
	Timeout time.Duration
	// Transport carries the requests; nil is delivery.NewTransport(delivery.TransportOptions{}). One that inflates answers
	// changes what goes back to the sender.
	Transport http.RoundTripper

	// Resign, if it is not zero, replaces the signature by one of this secret at the time of the attempt, for a server that
	// knows another secret.
	Resign signature.Secret
	// Now gives the time that is signed; nil is time.Now.
	Now func() time.Time
	// PassCredentials hands on Authorization and Cookie lines, which are kept back otherwise: they were meant for the
	// server that received them.
	PassCredentials bool

	// Retries is how many attempts may follow the first while the target gives no answer, or one of 408, 429 and 5xx; other
	// refusals would repeat. The sender of a delivery waits meanwhile.
	Retries int
	// Schedule holds the delay before each retry; the last one repeats. Empty means [DefaultSchedule].
	Schedule []time.Duration

	// Concurrency is how many deliveries one target gets at the same time; 0 is 1, which keeps their order.
	Concurrency int
	// Queue is how many more deliveries may wait for one target; 0 is [DefaultQueue].
	Queue int

	// Faults are what is to go wrong.
	Faults Faults
	// Rand gives numbers from 0 to 1 that decide about faults, one call at a time; nil uses math/rand/v2. The same numbers
	// and the same order of deliveries give the same faults.
	Rand func() float64
}

// DefaultSchedule returns the delays before each retry: half a second, doubled four times. They are meant for a server
// that is restarted, while the sender waits.
func DefaultSchedule() []time.Duration {
	return []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}
}

func (o Options) check() error {
	for name, number := range map[string]int{"retries": o.Retries, "concurrency": o.Concurrency, "queue": o.Queue} {
		if number < 0 {
			return &delivery.OptionError{Option: name, Value: strconv.Itoa(number), Reason: "is negative"}
		}
	}
	if o.Timeout < 0 {
		return &delivery.OptionError{Option: "timeout", Value: o.Timeout.String(), Reason: "is negative"}
	}
	for _, delay := range o.Schedule {
		if delay < 0 {
			return &delivery.OptionError{Option: "schedule", Value: delay.String(), Reason: "is negative"}
		}
	}
	return o.Faults.check()
}

func (o Options) withDefaults() Options {
	o.Timeout = cmp.Or(o.Timeout, DefaultTimeout)
	o.Concurrency = cmp.Or(o.Concurrency, 1)
	o.Queue = cmp.Or(o.Queue, DefaultQueue)
	if o.Transport == nil {
		o.Transport = delivery.NewTransport(delivery.TransportOptions{})
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if len(o.Schedule) == 0 {
		o.Schedule = DefaultSchedule()
	}
	return o
}
