// Package forward hands received webhooks on to the servers that are to handle them, byte for byte, and brings back what
// they answer.
//
//	forwarder, err := forward.New(forward.Options{Routes: []forward.Route{
//		{Target: "http://localhost:3000/webhooks/pocketbook"},
//		{Events: []string{"voucher.*"}, Target: "http://localhost:4000/vouchers"},
//	}})
//	…
//	defer forwarder.Close()
//	run := forwarder.Start(ctx, forward.Delivery{Request: request, Type: "voucher.minted", ID: "evt_1"})
//	answer := run.First()  // of the first route that takes the event: this goes back to the sender
//	result := run.Wait()   // of all
//
// Where an event goes is the operator's choice alone: scheme, host, path and query are those of the route, nothing of a
// request has a part in it, and a redirect is an answer like any other. A target is always sent a POST with the body as it
// arrived and every header line but those that concern one connection only (RFC 9110, section 7.6.1), those that frame the
// body, and credentials. No line is added, neither Via nor X-Forwarded-For: a server sees what it would see from
// Pocketbook, its signature included.
//
// Deliveries reach a target in the order in which they were started. [Faults] break that, and more, on purpose.
package forward

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// Delivery is one event to hand on.
type Delivery struct {
	// Request is what arrived. Of it the header lines and the body go on; neither may change until the run has ended.
	Request capture.Request
	// Type chooses the routes; empty for a request that is no event, which only routes for all events take.
	Type string
	// ID is that of the event, for reports.
	ID string
}

// Forwarder hands deliveries on to its targets. Create it with [New]; it is safe for concurrent use.
type Forwarder struct {
	options Options
	routes  []route

	mu     sync.Mutex // held while a delivery joins its queues, so that all targets see one order
	random func() float64
}

// route is a [Route] with its target, which routes to the same URL share.
type route struct {
	Route

	target *target
}

// New checks the options and returns a forwarder for them. It returns a [*RouteError] or a *delivery.EndpointError for a
// route that cannot be taken, a [*FaultError], and a *delivery.OptionError for any other option.
func New(o Options) (*Forwarder, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	f := &Forwarder{options: o, random: o.Rand}
	if f.random == nil {
		f.random = rand.Float64
	}
	targets := map[string]*target{}
	for _, r := range o.Routes {
		url, err := r.check()
		if err != nil {
			return nil, err
		}
		known, ok := targets[url.String()]
		if !ok {
			known = &target{url: url, lane: newLane(o.Concurrency, o.Queue)}
			targets[url.String()] = known
		}
		f.routes = append(f.routes, route{r, known})
	}
	return f, nil
}

// Close drops the idle connections of the transport. Runs under way go on.
func (f *Forwarder) Close() {
	if closer, ok := f.options.Transport.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// Forward is [Forwarder.Start] and [Run.Wait] in one.
func (f *Forwarder) Forward(ctx context.Context, d Delivery) Result { return f.Start(ctx, d).Wait() }

// Start puts a delivery into the queue of every target that takes it and returns at once; a target that several routes
// lead to gets it once. The order of calls to Start is the order in which each target gets deliveries. The run ends with
// ctx at the latest, so ctx should outlive a sender that is answered before.
func (f *Forwarder) Start(ctx context.Context, d Delivery) *Run {
	shipments := f.enqueue(d.Type)
	run := &Run{delivery: d, answers: make([][]Answer, len(shipments)), answered: make(chan struct{}), refused: refusal(shipments)}
	if len(shipments) == 0 {
		close(run.answered)
		return run
	}
	parcel := f.pack(d.Request)
	for i, s := range shipments {
		run.targets.Go(func() {
			for answer := range f.ship(ctx, s, parcel) {
				run.answers[i] = append(run.answers[i], answer)
				if i == 0 && len(run.answers[0]) == 1 {
					run.first = answer
					close(run.answered)
				}
			}
		})
	}
	return run
}

// shipment is one delivery on its way to one target.
type shipment struct {
	target *target
	turn   *turn // nil when a fault keeps the delivery from its target, or the queue is full
	plan   plan
	err    error
}

// refusal is why one of the shipments cannot even wait for its target.
func refusal(shipments []shipment) error {
	for _, s := range shipments {
		if s.err != nil {
			return s.err
		}
	}
	return nil
}

// enqueue takes a turn at each target and draws its faults, in one order for all.
func (f *Forwarder) enqueue(eventType string) []shipment {
	f.mu.Lock()
	defer f.mu.Unlock()
	var shipments []shipment
	seen := map[*target]bool{}
	for _, r := range f.routes {
		if !r.Takes(eventType) || seen[r.target] {
			continue
		}
		seen[r.target] = true
		s := shipment{target: r.target, plan: f.options.Faults.draw(f.random)}
		if s.plan.reaches() {
			if s.turn = r.target.lane.enter(); s.turn == nil {
				s.err = &QueueFullError{Target: r.target.String(), Waiting: f.options.Queue}
			}
		}
		shipments = append(shipments, s)
	}
	return shipments
}

// pack makes the header once for all targets and attempts.
func (f *Forwarder) pack(r capture.Request) parcel {
	return parcel{header: requestHeader(r.Header, f.options.PassCredentials), body: r.Body}
}

type parcel struct {
	header http.Header
	body   []byte
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
