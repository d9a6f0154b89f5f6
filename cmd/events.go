package cmd

import (
	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

func newEventsCommand(a *app) *cobra.Command {
	var source libraryFlags
	events := &cobra.Command{
		Use:     "events",
		GroupID: groupSend,
		Short:   "List the event types, their fields and their schemas",
		Example: `  pbhook events list
  pbhook events show certificate.minted
  pbhook events schema certificate.minted > certificate.minted.schema.json`,
		Args: noVerb,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	inGroup(events.PersistentFlags(), "Fixtures", source.add)
	events.AddCommand(
		&cobra.Command{
			Use:     "list",
			Short:   "List the event types that can be sent",
			Example: `  pbhook events list`,
			Args:    noArgs,
			RunE:    func(*cobra.Command, []string) error { return runEventsList(a, source) },
		},
		&cobra.Command{
			Use:               "show TYPE",
			Short:             "Show the fields and the sample of one event type",
			Example:           `  pbhook events show voucher.created`,
			Args:              oneArgument("name one event type; pbhook events list shows them"),
			ValidArgsFunction: a.completeTypes,
			RunE:              func(_ *cobra.Command, args []string) error { return runEventsShow(a, source, args[0]) },
		},
		&cobra.Command{
			Use:               "schema TYPE",
			Short:             "Print the JSON Schema of one event type",
			Example:           `  pbhook events schema voucher.created`,
			Args:              oneArgument("name one event type; pbhook events list shows them"),
			ValidArgsFunction: a.completeTypes,
			RunE:              func(_ *cobra.Command, args []string) error { return runEventsSchema(a, source, args[0]) },
		},
	)
	return events
}

func runEventsList(a *app, source libraryFlags) error {
	library, schemas, err := a.library(source)
	if err != nil {
		return err
	}
	var rows []view.EventType
	for _, entry := range library.Types() {
		rows = append(rows, eventType(entry, schemas))
	}
	return a.view.EventTypes(rows)
}

func runEventsShow(a *app, source libraryFlags, name string) error {
	library, schemas, err := a.library(source)
	if err != nil {
		return err
	}
	sample, err := library.Sample(event.Type(name))
	if err != nil {
		return err
	}
	return a.view.EventDetail(view.EventDetail{
		EventType: eventType(fixture.Entry{Type: sample.Type, Source: sample.Source}, schemas),
		Fields:    schemas.Fields(sample.Type),
		Sample:    sample.Body,
	})
}

func runEventsSchema(a *app, source libraryFlags, name string) error {
	library, schemas, err := a.library(source)
	if err != nil {
		return err
	}
	if _, err := library.Sample(event.Type(name)); err != nil {
		return err
	}
	schema, ok := schemas.Source(event.Type(name))
	if !ok {
		return &noSchemaError{event.Type(name)}
	}
	return a.view.Document(schema)
}

func eventType(entry fixture.Entry, schemas *event.Schemas) view.EventType {
	_, hasSchema := schemas.Source(entry.Type)
	return view.EventType{
		Type: entry.Type, Source: entry.Source, Schema: hasSchema, Description: schemas.Description(entry.Type),
	}
}
