package cmd

import (
	"context"
	"iter"
	"path"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

// payloadSource makes the payloads of a run: each once in their order, or without end for a load.
type payloadSource struct {
	total  int
	events iter.Seq2[fixture.PlannedEvent, error]
	next   delivery.Source // nil for a scenario
}

// open reads, edits and checks everything that is to be sent, so that nothing has gone out when something is wrong.
func (p *payloadFlags) open(a *app, c *cobra.Command, args []string, load bool) (*payloadSource, error) {
	library, schemas, err := a.library(p.library)
	if err != nil {
		return nil, err
	}
	generator := fixture.NewGenerator(fixture.Options{
		Schemas: schemas, Rand: a.env.Rand, Now: a.env.Now, Seed: p.seed.value,
		Pristine: p.pristine, NoValidate: p.noCheck,
		Fresh: p.fresh || load, // every request of a load is an event of its own
	})
	edits, err := p.allEdits(a.stdin)
	if err != nil {
		return nil, err
	}
	if p.scenario != "" {
		return p.openScenario(c, generator, library, edits)
	}
	samples, err := p.samples(c, library, args, a.stdin)
	if err != nil {
		return nil, err
	}
	templates := make([]*fixture.Template, len(samples))
	for i, sample := range samples {
		if templates[i], err = generator.Template(sample, edits); err != nil {
			return nil, err
		}
	}
	return fromTemplates(generator, templates), nil
}

func fromTemplates(generator *fixture.Generator, templates []*fixture.Template) *payloadSource {
	var turn atomic.Int64
	return &payloadSource{
		total: len(templates),
		events: func(yield func(fixture.PlannedEvent, error) bool) {
			for _, template := range templates {
				payload, err := generator.Payload(template)
				if !yield(fixture.PlannedEvent{Payload: payload}, err) {
					return
				}
			}
		},
		next: func(context.Context) (delivery.Message, error) {
			template := templates[int(turn.Add(1)-1)%len(templates)]
			payload, err := generator.Payload(template)
			return message(payload), err
		},
	}
}

// openScenario takes the name of a scenario, or a YAML file of the user's own.
func (p *payloadFlags) openScenario(c *cobra.Command, generator *fixture.Generator, library *fixture.Library, edits []fixture.Edit) (*payloadSource, error) {
	if len(edits) > 0 {
		return nil, usagef(c, "a scenario sets the values of its events itself; use its parameters with --param")
	}
	scenario, err := readScenario(library, p.scenario)
	if err != nil {
		return nil, err
	}
	params := map[string]string{}
	for _, param := range p.params {
		name, value, found := strings.Cut(param, "=")
		if !found {
			return nil, usagef(c, "--param %q is not NAME=VALUE", param)
		}
		params[name] = value
	}
	plan, err := generator.Plan(library, scenario, params)
	if err != nil {
		return nil, err
	}
	return &payloadSource{total: plan.Total(), events: plan.Events()}, nil
}

func readScenario(library *fixture.Library, name string) (*fixture.Scenario, error) {
	if extension := path.Ext(name); extension != ".yaml" && extension != ".yml" {
		return library.Scenario(name)
	}
	source, err := readFile(name)
	if err != nil {
		return nil, err
	}
	return fixture.ParseScenario(name, source)
}

func message(p fixture.Payload) delivery.Message {
	return delivery.Message{ID: p.ID, Type: string(p.Type), Body: p.Body}
}
