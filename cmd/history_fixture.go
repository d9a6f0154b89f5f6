package cmd

import (
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// exportFixtures makes samples of events, the newest first. Into a folder goes one of each type; elsewhere there is room for
// one alone. What no fixture can be made of is told of and passed over, unless it is the only one that was named.
func exportFixtures(a *app, c *cobra.Command, opts exportOptions, alone bool, chosen iter.Seq2[history.Record, error]) error {
	_, schemas, err := a.library(opts.library)
	if err != nil {
		return err
	}
	maker := specimenMaker{schemas: schemas, redact: opts.redact}
	var specimens []fixture.Specimen
	seen := map[event.Type]bool{}
	passed := 0
	for record, err := range chosen {
		if err == nil && opts.dir != "" && seen[event.Type(record.EventType)] {
			continue
		}
		var specimen fixture.Specimen
		if err == nil {
			specimen, err = maker.make(record)
		}
		_, unfit := errors.AsType[*specimenError](err)
		switch {
		case !alone && (unfit || isDamaged(err)):
			if passed++; passed <= shownUnread {
				a.view.Warning(err.Error())
			}
			continue
		case err != nil:
			return err
		case len(specimens) == 1 && opts.dir == "":
			return usagef(c, "more than one event fits; name one, or give a folder with --dir")
		}
		seen[specimen.Type] = true
		specimens = append(specimens, specimen)
	}
	if opts.redact {
		a.view.Redacted(maker.removed)
	}
	if passed > 0 {
		a.view.Warning(fmt.Sprintf("passed over %d of which no fixture can be made", passed))
	}
	switch {
	case len(specimens) == 0:
		return usagef(c, "a fixture can be made of none of them, so nothing was written")
	case opts.dir != "":
		return writeFixtures(a, opts.dir, specimens)
	default:
		return writeFixture(a, opts.file, specimens[0])
	}
}

type specimenMaker struct {
	schemas *event.Schemas
	redact  bool
	removed capture.Redacted
}

func (m *specimenMaker) make(r history.Record) (fixture.Specimen, error) {
	request, taken := r.Capture, capture.Redacted{}
	if m.redact {
		request, taken = capture.Redact(request)
	}
	specimen, err := fixture.NewSpecimen(m.schemas, request.Body)
	if err != nil {
		return specimen, &specimenError{r.ID, err}
	}
	m.removed = m.removed.Plus(taken)
	return specimen, nil
}

// specimenError says of which record no fixture could be made.
type specimenError struct {
	record string
	err    error
}

func (e *specimenError) Error() string {
	return "no fixture can be made of " + e.record + ": " + e.err.Error()
}
func (e *specimenError) Unwrap() error { return e.err }
