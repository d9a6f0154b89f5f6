package cmd

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/forensics"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

const (
	asReceived = "received"
	// showProgressAfter keeps the progress line away from searches that are over before it could be read.
	showProgressAfter = 300 * time.Millisecond
)

// bench is where requests are judged: against the secrets, the clock and the schemas, and if need be by search.
type bench struct {
	app      *app
	verifier *signature.Verifier
	schemas  *event.Schemas
	secrets  []forensics.NamedSecret
	source   string // of the current one
	samples  [][]byte
	flags    judgeFlags
	at       time.Time // zero for each request's own time
	searches int       // left
}

func openBench(ctx context.Context, a *app, opts verifyOptions) (*bench, error) {
	b := &bench{app: a, flags: opts.judge, searches: opts.judge.explain, at: a.env.Now()}
	switch opts.judge.at {
	case "":
	case asReceived:
		b.at = time.Time{}
	default:
		var err error
		if b.at, err = parseMoment("--at", opts.judge.at, b.at); err != nil {
			return nil, err
		}
	}
	secrets, err := opts.secrets.resolve(ctx, a, true)
	if err != nil {
		return nil, err
	}
	b.verifier, err = signature.NewVerifier(signature.Options{
		Secret: secrets.Current, Previous: secrets.Previous, Tolerance: b.tolerance(),
		IgnoreTime: opts.judge.ignoreTime, Strict: opts.judge.strict,
	})
	if err != nil {
		return nil, err
	}
	b.source = secrets.Source
	b.secrets = namedSecrets(a, secrets.Current, secrets.Previous)
	library, schemas, err := a.library(opts.library)
	if err != nil {
		return nil, err
	}
	b.schemas = schemas
	for _, entry := range library.Types() {
		sample, err := library.Sample(entry.Type)
		if err != nil {
			return nil, err
		}
		b.samples = append(b.samples, sample.Body)
	}
	return b, nil
}

// tolerance is that of the flag, or of the configuration where the flag was left alone.
func (b *bench) tolerance() time.Duration {
	if configured := b.app.config.Tolerance; configured > 0 {
		return configured
	}
	return b.flags.tolerance
}

// namedSecrets adds the secrets of other profiles, for deliveries that were signed for another webhook.
func namedSecrets(a *app, current, previous signature.Secret) []forensics.NamedSecret {
	named := []forensics.NamedSecret{{Name: "current", Secret: current}}
	if !previous.IsZero() {
		named = append(named, forensics.NamedSecret{Name: "previous", Secret: previous})
	}
	for _, other := range a.config.ProfileSecrets() {
		if !other.Secret.Equal(current) && len(named) < forensics.MaxSecrets {
			named = append(named, forensics.NamedSecret{Name: "profile " + other.Profile, Secret: other.Secret})
		}
	}
	return named
}

// judged is one request of a batch: its verdict, or why there is none.
type judged struct {
	verdict view.Verdict
	now     time.Time // it was judged as of
	unread  error     // it could not be read, or not be judged
	foreign bool      // it is no delivery, but one of the other requests that a browser or proxy logs
}

// judgeAll judges a batch on all processors and gives the verdicts in the batch's order.
func (b *bench) judgeAll(batch []captured) []judged {
	all := make([]judged, len(batch))
	var turn atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(batch)) {
		workers.Go(func() {
			for {
				i := int(turn.Add(1)) - 1
				if i >= len(batch) {
					return
				}
				all[i] = b.judge(batch[i])
			}
		})
	}
	workers.Wait()
	return all
}

func (b *bench) judge(c captured) judged {
	if c.err != nil {
		return judged{unread: c.err}
	}
	if c.format == capture.FormatHAR && len(c.request.Values(signature.HeaderName)) == 0 {
		return judged{foreign: true}
	}
	now := b.at
	if now.IsZero() {
		now = c.request.Time
	}
	if now.IsZero() {
		return judged{unread: &noArrivalError{c.input, c.number}}
	}
	r := c.request
	verdict := view.Verdict{
		Request: r, Input: c.input, Number: c.number,
		Tolerance: b.tolerance(), AsReceived: b.at.IsZero(), TimeIgnored: b.flags.ignoreTime,
	}
	verdict.Result, verdict.Err = b.verifier.Verify(r.Values(signature.HeaderName), r.Body, now)
	found := b.schemas.Inspect(r.Body)
	verdict.Event, verdict.DecodeErr = found.Event, found.Err
	if found.Err == nil {
		verdict.Violations, verdict.Unknown = found.Violations, found.Unknown
	}
	return judged{verdict: verdict, now: now}
}

// explain adds what is wrong with the time of a signature that holds, and the cause of one that does not, as long as
// there are searches left.
func (b *bench) explain(ctx context.Context, j *judged) error {
	result := j.verdict.Result
	switch {
	case result.SignatureValid && j.verdict.Err != nil && !result.TimeValid:
		options := forensics.Options{Tolerance: b.tolerance(), Now: j.now}
		if likely := forensics.InferTime(forensics.CaseOf(j.verdict.Request), result.Time, options); likely != nil {
			j.verdict.Report = &forensics.Report{Valid: true, Likely: likely}
		}
		return nil
	case result.SignatureValid || b.searches <= 0 || errors.Is(j.verdict.Err, signature.ErrMissingHeader):
		return nil
	}
	b.searches--
	report, err := b.search(ctx, j.verdict.Request, j.now)
	j.verdict.Report = report
	return err
}

// search looks for the cause; a search that lasts shows how far it is.
func (b *bench) search(ctx context.Context, r capture.Request, now time.Time) (*forensics.Report, error) {
	begun := time.Now()
	var line ui.Progress
	shown := 0
	report, err := forensics.Explain(ctx, forensics.CaseOf(r), forensics.Options{
		Secrets: b.secrets, Samples: b.samples, Tolerance: b.tolerance(), Now: now,
		Progress: func(done, total int) {
			if line == nil && time.Since(begun) > showProgressAfter {
				line = b.app.view.Err.Progress(int64(total), "searching for the cause")
			}
			if line != nil {
				line.Add(done - shown)
				shown = done
			}
		},
	})
	if line != nil {
		line.Done()
	}
	return &report, err
}
