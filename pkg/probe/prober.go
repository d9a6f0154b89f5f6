package probe

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// EventPrefix begins the id of every event that a check sends, so that they can be found and removed.
const EventPrefix = "evt_pbhook_check_"

const (
	// DefaultConcurrency is how many requests are under way at most where order does not matter.
	DefaultConcurrency = 4
	maxConcurrency     = 64
)

// ErrNoEvents says that there is nothing to make requests of.
var ErrNoEvents = errors.New("there is no event to check with")

// Options say what is checked and how. Endpoint, Secret and Events are needed.
type Options struct {
	Endpoint  string          // an http or https URL
	Header    []capture.Field // added to every request to the endpoint
	UserAgent string
	Secret    signature.Secret
	// Previous is only used to find out that the endpoint is still on it; the zero Secret for none.
	Previous signature.Secret

	// Events are valid JSON objects, one for each type that the endpoint should take; they get ids of their own. The first one
	// that is accepted carries the other cases; what they add stands in its metadata if it has any.
	Events []delivery.Message
	// Select and Skip are globs over the ids of cases, or bare groups: "auth.*", "size". See [Select].
	Select, Skip []string

	Timeout     time.Duration // for each request; 0 is delivery.DefaultTimeout
	Concurrency int           // 0 is DefaultConcurrency
	// ProbeURL gives, by GET, the number of events that took effect; empty for none.
	ProbeURL string

	Transport http.RoundTripper // nil is delivery.NewTransport
	Now       func() time.Time  // nil is time.Now
	Rand      io.Reader         // for ids; nil is crypto/rand
}

// Prober checks one endpoint. Make it with [New]. Each [Prober.Run] is a check of its own.
type Prober struct {
	options Options
	url     *url.URL
	effects *url.URL // nil without Options.ProbeURL
	wire    *wire
	client  *delivery.Client // unsigned
	cases   []Case
	now     func() time.Time
	label   string // of this prober, in its ids
}

// New checks the options; nothing is sent yet. It returns a [*delivery.EndpointError], a [*delivery.OptionError], a
// [*PatternError], signature.ErrEmptySecret or [ErrNoEvents].
func New(o Options) (*Prober, error) {
	if o.Secret.IsZero() {
		return nil, fmt.Errorf("nothing to sign with: %w", signature.ErrEmptySecret)
	}
	if len(o.Events) == 0 {
		return nil, ErrNoEvents
	}
	if o.Concurrency < 0 || o.Concurrency > maxConcurrency {
		return nil, &delivery.OptionError{Option: "concurrency", Value: strconv.Itoa(o.Concurrency), Reason: "is not within 1 to " + strconv.Itoa(maxConcurrency)}
	}
	p := &Prober{options: o, now: o.Now}
	var err error
	if p.cases, err = Select(o.Select, o.Skip); err != nil {
		return nil, err
	}
	if p.url, err = delivery.ParseEndpoint(o.Endpoint); err != nil {
		return nil, err
	}
	if o.ProbeURL != "" {
		if p.effects, err = delivery.ParseEndpoint(o.ProbeURL); err != nil {
			return nil, err
		}
	}
	for _, field := range o.Header {
		if strings.EqualFold(field.Name, signature.HeaderName) {
			return nil, &delivery.OptionError{Option: "header", Value: field.Name, Reason: "is what the cases differ in"}
		}
	}
	p.client, err = delivery.New(delivery.Options{
		Endpoint: o.Endpoint, Header: o.Header, UserAgent: o.UserAgent, Timeout: o.Timeout, Transport: o.Transport, Unsigned: true,
	})
	if err != nil {
		return nil, err
	}
	p.fillDefaults()
	label := make([]byte, 4)
	if _, err := io.ReadFull(p.options.Rand, label); err != nil {
		return nil, fmt.Errorf("cannot make up ids: %w", err)
	}
	p.label = hex.EncodeToString(label)
	return p, nil
}

func (p *Prober) fillDefaults() {
	if p.options.Concurrency == 0 {
		p.options.Concurrency = DefaultConcurrency
	}
	if p.options.Timeout == 0 {
		p.options.Timeout = delivery.DefaultTimeout
	}
	if p.options.Transport == nil {
		p.options.Transport = delivery.NewTransport(delivery.TransportOptions{})
	}
	if p.options.Rand == nil {
		p.options.Rand = rand.Reader
	}
	if p.now == nil {
		p.now = time.Now
	}
	p.wire = newWire(p.url, p.options.Timeout, p.options.Transport)
}

// Plan is what a run will do.
type Plan struct {
	Cases []Case // that were selected, in order
	// Requests is how many go to the endpoint if nothing is wrong; Max is what no run exceeds: what went wrong is sent once
	// more, with controls beside it.
	Requests, Max int
	// ProbeReads bounds the requests to Options.ProbeURL.
	ProbeReads int
	Remote     bool // the endpoint is on another machine; see [IsLoopback]
	// IDPrefix begins the ids of all events of this prober.
	IDPrefix string
}

const (
	repeats        = 10 // deliveries of one event at once
	repeatRequests = 2 + repeats
	gateExtras     = 6 // the other forms, the previous secret, and two that were turned away for their rate
	stageExtras    = 4 // a control behind what was sent again, and three in which an endpoint that is down may come back
)

// Plan says what a run will do.
func (p *Prober) Plan() Plan {
	plan := Plan{Cases: p.cases, Remote: !IsLoopback(p.url), IDPrefix: EventPrefix + p.label}
	plan.Requests = max(1, p.count(stageGate)*len(p.options.Events))
	extra := plan.Requests + gateExtras
	for _, c := range p.cases {
		switch {
		case c.stage == stageRepeat:
			plan.Requests += repeatRequests
			extra += repeatRequests + 1
		case c.make != nil && c.stage != stageGate:
			plan.Requests++
			extra++
		}
	}
	for _, stage := range []stage{stageAccept, stageRefuse, stageRisky} {
		plan.Requests += min(1, p.count(stage)) // the control that closes it
		extra += min(1, p.count(stage)) * stageExtras
	}
	plan.Max = plan.Requests + extra
	if p.effects != nil && p.count(stageRepeat) > 0 {
		plan.ProbeReads = 3 * maxReads
	}
	return plan
}

func (p *Prober) count(stage stage) int {
	n := 0
	for _, c := range p.cases {
		if c.stage == stage {
			n++
		}
	}
	return n
}
