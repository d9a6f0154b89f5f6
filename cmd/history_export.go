package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

const asFixture = "fixture"

type exportOptions struct {
	query   queryFlags
	library libraryFlags
	as      string
	file    string
	dir     string
	redact  bool
}

func (o *exportOptions) add(flags *pflag.FlagSet) {
	flags.StringVar(&o.as, "as", string(capture.FormatNDJSON), "write `FORMAT`: ndjson, har, http, curl or fixture")
	flags.StringVar(&o.file, "file", "", "write to this new `FILE` in place of stdout")
	flags.StringVar(&o.dir, "dir", "", "with --as fixture: write into this `DIR` of fixtures, one sample of each event type")
	flags.BoolVar(&o.redact, "redact", false, "take out secrets, tokens, e-mail addresses and names; signatures no longer verify then")
}

func newHistoryExportCommand(a *app) *cobra.Command {
	var opts exportOptions
	c := &cobra.Command{
		Use:   "export [ID...]",
		Short: "Write records as captures, byte for byte, or as fixtures",
		Long: "Write records as captures, byte for byte, in the order in which they came; by their ids, by filters, or all.\n\n" +
			"Captures are read back by import, verify and replay. They do not say whether a signature was valid, so replay signs a forgery " +
			"too: --signature valid leaves those out. A fixture is a sample that pbhook send makes events of: ids, " +
			"addresses, hashes and times of the real event are replaced by made-up ones.",
		Example: `  pbhook history export > captured.ndjson
  pbhook history export --since 1h --as har --redact --file share.har
  pbhook history export --status 4xx,5xx --signature valid --file refused.ndjson
  pbhook history export last --as curl
  pbhook history export last --as fixture --dir ./fixtures`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := opts.check(c, args); err != nil {
				return err
			}
			return runHistoryExport(c.Context(), a, c, opts, args)
		},
	}
	inGroup(c.Flags(), "Output", opts.add)
	inGroup(c.Flags(), "Filters", opts.query.add)
	inGroup(c.Flags(), "Fixtures", opts.library.add)
	return c
}

func (o *exportOptions) check(c *cobra.Command, args []string) error {
	formats := append(strings.Split(formatNames(), ", "), asFixture)
	switch {
	case !slices.Contains(formats, o.as):
		return &view.FormatError{Name: o.as, Known: formats}
	case o.dir != "" && o.as != asFixture:
		return usagef(c, "--dir is for --as fixture; --file writes to a file")
	case o.dir != "" && o.file != "":
		return usagef(c, "--dir and --file name two places; give one of them")
	case o.file != "" && isAbsent(filepath.Dir(o.file)):
		return &fs.PathError{Op: "open", Path: filepath.Dir(o.file), Err: fs.ErrNotExist}
	}
	return o.query.exclude(c, args)
}

func runHistoryExport(ctx context.Context, a *app, c *cobra.Command, opts exportOptions, refs []string) (err error) {
	query, err := opts.query.query(a)
	if err != nil {
		return err
	}
	store, err := a.readHistory(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if len(refs) == 0 {
		if err := fits(ctx, c, store, query); err != nil {
			return err
		}
	}
	if opts.as == asFixture {
		return exportFixtures(a, c, opts, len(refs) == 1, records(ctx, store, refs, query))
	}
	query.OldestFirst = true
	chosen := records(ctx, store, refs, query)
	if opts.file == "" {
		return exportCaptures(a, opts, chosen, a.view.Exact())
	}
	err = writeNew(opts.file, func(file io.Writer) error { return exportCaptures(a, opts, chosen, file) })
	if err == nil {
		a.view.Note("written to %s", ui.Sanitize(opts.file))
	}
	return err
}

// fits returns an error when no record fits, not even a damaged one.
func fits(ctx context.Context, c *cobra.Command, store *history.Store, query history.Query) error {
	query.Limit = 1
	for _, err := range store.List(ctx, query) {
		if isDamaged(err) {
			return nil
		}
		return err
	}
	return usagef(c, "no record fits, so nothing was exported")
}

// records are those that refs name, in their order, or else those that fit the query.
func records(ctx context.Context, store *history.Store, refs []string, query history.Query) iter.Seq2[history.Record, error] {
	if len(refs) == 0 {
		return store.List(ctx, query)
	}
	return func(yield func(history.Record, error) bool) {
		for _, ref := range refs {
			if record, err := store.Get(ctx, ref); !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// exportCaptures writes one record after the other; one that cannot be written in the format is reported and left out.
func exportCaptures(a *app, opts exportOptions, chosen iter.Seq2[history.Record, error], to io.Writer) (err error) {
	writer, err := capture.NewWriter(to, capture.WriterOptions{Format: capture.Format(opts.as), Version: a.version.Number})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, writer.Close()) }()
	bar := a.view.Working("exporting")
	defer bar.Done()
	var left error
	lost, forged := 0, passedOver{}
	var removed capture.Redacted
	for record, err := range chosen {
		if err == nil {
			if record.LostBody() != "" {
				lost++
			}
			forged.addForged(record)
			request := record.Capture
			if opts.redact {
				var taken capture.Redacted
				request, taken = capture.Redact(request)
				removed = removed.Plus(taken)
			}
			err = writer.Write(request)
		}
		_, unwritable := errors.AsType[*capture.EncodeError](err)
		switch {
		case unwritable || isDamaged(err):
			a.view.Problem(diagnose(err))
			left = &shownError{err}
		case err != nil:
			return err
		}
		bar.Add(1)
	}
	if lost > 0 {
		a.view.Warning(fmt.Sprintf("%d without a body: it was too large, or broke off, and was not kept", lost))
	}
	if len(forged) > 0 && len(opts.query.signatures) == 0 {
		a.view.Warning("exported " + forged.String() + "; a file does not say so, and its replay gives them a valid one: --signature valid leaves them out")
	}
	if opts.redact {
		a.view.Redacted(removed)
	}
	return left
}
