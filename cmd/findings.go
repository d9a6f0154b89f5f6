package cmd

import (
	"context"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// findings tell what can be learnt of a captured request, for the history.
type findings struct {
	verifier *signature.Verifier // nil without a secret
	schemas  *event.Schemas
}

func openFindings(ctx context.Context, a *app, secrets secretFlags, library libraryFlags) (*findings, error) {
	_, schemas, err := a.library(library)
	if err != nil {
		return nil, err
	}
	found, err := secrets.resolve(ctx, a, false)
	if err != nil || found.Current.IsZero() {
		return &findings{schemas: schemas}, err
	}
	verifier, err := signature.NewVerifier(signature.Options{
		Secret: found.Current, Previous: found.Previous, Tolerance: a.config.Tolerance, IgnoreTime: true,
	})
	return &findings{verifier, schemas}, err
}

// record judges a request as of its arrival.
func (f *findings) record(r capture.Request, source history.Source) history.Record {
	body := f.schemas.Inspect(r.Body)
	return history.Record{
		Capture: r, EventID: body.Event.ID, EventType: string(body.Event.Type), Signature: f.signature(r), Source: source,
		Drift: driftOf(body.Violations, body.Unknown),
	}
}

// driftOf puts into words where an event departs from its schema.
func driftOf(violations []event.Violation, unknown []string) []string {
	var drift []string
	for _, violation := range violations {
		drift = append(drift, violation.String())
	}
	for _, field := range unknown {
		drift = append(drift, "new field "+field)
	}
	return drift
}

func (f *findings) signature(r capture.Request) history.Signature {
	lines := r.Values(signature.HeaderName)
	switch {
	case len(lines) == 0:
		return history.SignatureMissing
	case f.verifier == nil:
		return history.SignatureUnverified
	}
	result, _ := f.verifier.Verify(lines, r.Body, r.Time) // the finding is what counts, the error says the same
	switch {
	case !result.SignatureValid:
		return history.SignatureInvalid
	case !result.TimeValid && !r.Time.IsZero():
		return history.SignatureStale
	default:
		return history.SignatureValid
	}
}
