package cmd

import (
	"context"
	"slices"
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/delivery"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// replayMaker turns records into what is sent.
type replayMaker struct {
	options delivery.Options // of every client; its headers go before those of a capture
	raw     bool
	edits   []fixture.Edit
	editor  *fixture.Generator // nil without edits
}

func openReplayMaker(ctx context.Context, a *app, opts replayOptions) (*replayMaker, error) {
	m := &replayMaker{raw: opts.raw, edits: opts.edit.edits}
	if err := opts.target.fill(a, &m.options, 1); err != nil {
		return nil, err
	}
	if len(m.edits) > 0 {
		_, schemas, err := a.library(opts.edit.library)
		if err != nil {
			return nil, err
		}
		m.editor = fixture.NewGenerator(fixture.Options{Schemas: schemas, Rand: a.env.Rand, Now: a.env.Now, NoValidate: opts.edit.noCheck})
	}
	if m.options.Unsigned = m.raw; m.raw {
		return m, nil
	}
	secrets, err := opts.secrets.resolve(ctx, a, true)
	if err != nil {
		return nil, err
	}
	m.options.Secret, m.options.Previous = secrets.Current, secrets.Previous
	return m, nil
}

// message is the event of a record as it is to be sent.
func (m *replayMaker) message(r history.Record) (delivery.Message, error) {
	if m.editor == nil {
		return delivery.Message{ID: r.EventID, Type: r.EventType, Body: r.Capture.Body}, nil
	}
	sample := fixture.Sample{Type: event.Type(r.EventType), Body: r.Capture.Body, Source: "the body of " + nameOf(r), Own: true}
	template, err := m.editor.Template(sample, m.edits)
	if err != nil {
		return delivery.Message{}, err
	}
	payload, err := m.editor.Payload(template)
	return message(payload), err
}

func nameOf(r history.Record) string {
	if r.EventID != "" {
		return r.EventID
	}
	return "a request without an event"
}

// client sends with the header lines of the capture; each record has one of its own. They share a transport.
func (m *replayMaker) client(r history.Record) (*delivery.Client, error) {
	options := m.options
	given := map[string]bool{}
	for _, field := range m.options.Header {
		given[strings.ToLower(field.Name)] = true
	}
	lines := forward.EndToEnd(r.Capture.Header, false)
	agents := 0
	lines = slices.DeleteFunc(lines, func(field capture.Field) bool {
		name := strings.ToLower(field.Name)
		if name == "user-agent" {
			agents++
		}
		return given[name] || agents > 1 && name == "user-agent" || !m.raw && m.isMadeAnew(name)
	})
	options.Header = slices.Concat(lines, m.options.Header)
	return delivery.New(options)
}

// isMadeAnew names the lines that go with a new signature, or would make the answer unreadable.
func (m *replayMaker) isMadeAnew(name string) bool {
	return strings.EqualFold(name, signature.HeaderName) || name == "accept-encoding"
}
