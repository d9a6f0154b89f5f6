package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

type importOptions struct {
	input   captureFlags
	secrets secretFlags
	library libraryFlags
}

func newHistoryImportCommand(a *app) *cobra.Command {
	var opts importOptions
	c := &cobra.Command{
		Use:   "import [FILE...]",
		Short: "Add captured requests to the history",
		Long: "Add captured requests to the history.\n\n" +
			"FILE is pbhook's own NDJSON, a HAR, a raw HTTP message or a curl command; without one, or with -, stdin is read. What is " +
			"kept already is not added again. Signatures are judged as of their arrival if there is a signing secret.",
		Example: `  pbhook history import captured.ndjson
  pbhook send all --dry-run --print json | pbhook history import`,
		RunE: func(c *cobra.Command, args []string) error { return runHistoryImport(c.Context(), a, c, opts, args) },
	}
	inGroup(c.Flags(), "Input", opts.input.add)
	inGroup(c.Flags(), "Signing", opts.secrets.add)
	inGroup(c.Flags(), "Fixtures", opts.library.add)
	return c
}

// runHistoryImport adds what can be read; what cannot is reported and decides the exit code.
func runHistoryImport(ctx context.Context, a *app, c *cobra.Command, opts importOptions, args []string) (err error) {
	found, err := openFindings(ctx, a, opts.secrets, opts.library)
	if err != nil {
		return err
	}
	inputs, err := opts.input.open(a, c, args)
	if err != nil {
		return err
	}
	store, err := a.changeHistory(ctx, history.Retention{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	job := &importJob{app: a, store: store, findings: found}
	bar := a.view.Working("importing")
	defer bar.Done()
	for batch := range inBatches(inputs.requests()) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := job.add(ctx, batch); err != nil {
			return err
		}
		bar.Add(len(batch))
	}
	bar.Done()
	if err := a.view.Imported(job.sum); err != nil || job.failed == nil {
		return err
	}
	return &shownError{job.failed}
}

type importJob struct {
	app      *app
	store    *history.Store
	findings *findings
	sum      view.Imported
	failed   error // the latest of those that were shown
}

// add adds a batch at once, so that it waits for the disk once and keeps its order.
func (j *importJob) add(ctx context.Context, batch []captured) error {
	var records []history.Record
	for _, one := range batch {
		switch {
		case one.err != nil:
			j.fail(one.err)
		case one.format == capture.FormatHAR && len(one.request.Values(signature.HeaderName)) == 0:
			j.sum.Foreign++
		default:
			records = append(records, j.findings.record(one.request, history.SourceImport))
		}
	}
	outcomes, err := j.store.AddOnce(ctx, records)
	for _, outcome := range outcomes {
		switch {
		case outcome.Err != nil:
			j.fail(outcome.Err)
		case outcome.Added:
			j.sum.Added++
		default:
			j.sum.Known++
		}
	}
	return err
}

func (j *importJob) fail(err error) {
	j.sum.Failed++
	j.failed = err
	j.app.view.Problem(diagnose(err))
}
