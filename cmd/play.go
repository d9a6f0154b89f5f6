package cmd

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/receiver"
)

// playFlags make a listener a bad endpoint, or a slow one.
type playFlags struct {
	respond string
	body    string
	delay   time.Duration
	seed    uint64

	flags *pflag.FlagSet
}

func (p *playFlags) add(flags *pflag.FlagSet) {
	p.flags = flags
	flags.StringVar(&p.respond, "respond", "", "answer accepted events with this `STATUS[@SHARE],...`: 500@20%,429@5%")
	flags.StringVar(&p.body, "respond-body", "", "answer accepted events with this `TEXT`")
	flags.DurationVar(&p.delay, "delay", 0, "answer after this `DURATION`")
	flags.Uint64Var(&p.seed, "seed", 0, "a `NUMBER` that fixes which events meet --respond and --inject (default random)")
}

func (p *playFlags) open() (*play, error) {
	responses, err := receiver.ParseResponses(p.respond)
	if err != nil {
		return nil, err
	}
	if p.delay < 0 {
		return nil, &valueError{"--delay", p.delay.String(), "is negative"}
	}
	return &play{
		responses: responses, body: p.body, own: p.flags.Changed("respond-body"), delay: p.delay, random: p.source(),
	}, nil
}

// source gives numbers from 0 to 1, the same for the same seed. It is for one goroutine at a time.
func (p *playFlags) source() func() float64 {
	if !p.flags.Changed("seed") {
		return rand.Float64
	}
	return rand.New(rand.NewPCG(p.seed, 0)).Float64 //nolint:gosec // faults are to be repeatable, not secret
}

// play is how a listener answers what it has accepted.
type play struct {
	responses receiver.Responses
	body      string
	own       bool // the body was given
	delay     time.Duration

	mu     sync.Mutex
	random func() float64
}

// respond replaces the answer to an accepted event where that is its part.
func (p *play) respond(got *view.Reception) {
	if len(p.responses) == 0 {
		p.say(got)
		return
	}
	p.mu.Lock()
	status, drawn := p.responses.Draw(p.random())
	p.mu.Unlock()
	if !drawn {
		return
	}
	got.Played = true
	got.Refuse(status, "played by pbhook")
	if status < http.StatusBadRequest {
		got.Answer = nil
	}
	p.say(got)
}

// leaves returns an error where no accepted event would be left for the server behind, to which only those go that nothing here
// has answered.
func (p *playFlags) leaves(with *play) error {
	answered := 0.0
	for _, response := range with.responses {
		answered += response.Share
	}
	const none = "answers every event itself and leaves none to hand on; give a share, such as --respond 500@20%"
	switch {
	case len(with.responses) == 0 && with.own:
		return &valueError{"--respond-body", p.body, none}
	case answered > 1-1e-9: // shares of thirds do not add up to 1
		return &valueError{"--respond", p.respond, none}
	}
	return nil
}

// say answers with the body that was given, if one was.
func (p *play) say(got *view.Reception) {
	if p.own {
		got.Played = true
		got.Answer = []byte(p.body)
	}
}

// wait takes the time that an answer is to take.
func (p *play) wait(ctx context.Context) {
	if p.delay == 0 {
		return
	}
	delayed, cancel := context.WithTimeoutCause(ctx, p.delay, errDelayed)
	defer cancel()
	<-delayed.Done()
}

var errDelayed = errors.New("the delay is over")
