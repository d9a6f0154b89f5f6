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

// judge tells of requests whether they hold against the secrets, the clock and the schemas, and if need be searches why
// they do not.
type judge struct {
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

func newJudge(ctx context.Context, a *app, opts verifyOptions) (*judge, error) {
	j := &judge{app: a, flags: opts.judge, searches: opts.judge.explain, at: a.env.Now()}
	switch opts.judge.at {
	case "":
	case asReceived:
		j.at = time.Time{}
	default:
		var err error
		if j.at, err = parseMoment("--at", opts.judge.at, j.at); err != nil {
			return nil, err
		}
	}
	secrets, err := opts.secrets.resolve(ctx, a, true)
	if err != nil {
		return nil, err
	}
	j.verifier, err = signature.NewVerifier(signature.Options{
		Secret: secrets.Current, Previous: secrets.Previous, Tolerance: j.tolerance(),
		IgnoreTime: opts.judge.ignoreTime, Strict: opts.judge.strict,
	})
	if err != nil {
		return nil, err
	}
	j.source = secrets.Source
	j.secrets = namedSecrets(a, secrets.Current, secrets.Previous)
	library, schemas, err := a.library(opts.library)
	if err != nil {
		return nil, err
	}
	j.schemas = schemas
	for _, entry := range library.Types() {
		sample, err := library.Sample(entry.Type)
		if err != nil {
			return nil, err
		}
		j.samples = append(j.samples, sample.Body)
	}
	return j, nil
}

// tolerance is that of the flag, or of the configuration where the flag was left alone.
func (j *judge) tolerance() time.Duration {
	if configured := j.app.config.Tolerance; configured > 0 {
		return configured
	}
	return j.flags.tolerance
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

// all judges a batch on all processors and gives the verdicts in the batch's order.
func (j *judge) all(batch []captured) []judged {
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
				all[i] = j.one(batch[i])
			}
		})
	}
	workers.Wait()
	return all
}

func (j *judge) one(c captured) judged {
	if c.err != nil {
		return judged{unread: c.err}
	}
	if c.format == capture.FormatHAR && len(c.request.Values(signature.HeaderName)) == 0 {
		return judged{foreign: true}
	}
	now := j.at
	if now.IsZero() {
		now = c.request.Time
	}
	if now.IsZero() {
		return judged{unread: &noArrivalError{c.input, c.number}}
	}
	r := c.request
	verdict := view.Verdict{
		Request: r, Input: c.input, Number: c.number,
		Tolerance: j.tolerance(), AsReceived: j.at.IsZero(), TimeIgnored: j.flags.ignoreTime,
	}
	verdict.Result, verdict.Err = j.verifier.Verify(r.Values(signature.HeaderName), r.Body, now)
	found := j.schemas.Inspect(r.Body)
	verdict.Event, verdict.DecodeErr = found.Event, found.Err
	if found.Err == nil {
		verdict.Violations, verdict.Unknown = found.Violations, found.Unknown
	}
	return judged{verdict: verdict, now: now}
}

// explain adds what is wrong with the time of a signature that holds, where one that is missing may be, and the cause of
// one that does not hold, as long as there are searches left.
func (j *judge) explain(ctx context.Context, one *judged) error {
	result := one.verdict.Result
	switch {
	case result.SignatureValid && one.verdict.Err != nil && !result.TimeValid:
		options := forensics.Options{Tolerance: j.tolerance(), Now: one.now}
		if likely := forensics.InferTime(forensics.CaseOf(one.verdict.Request), result.Time, options); likely != nil {
			one.verdict.Report = &forensics.Report{Valid: true, Likely: likely}
		}
		return nil
	case errors.Is(one.verdict.Err, signature.ErrMissingHeader):
		if likely := forensics.InferMissing(one.verdict.Request); likely != nil {
			one.verdict.Report = &forensics.Report{Likely: likely}
		}
		return nil
	case result.SignatureValid || j.searches <= 0:
		return nil
	}
	j.searches--
	report, err := j.search(ctx, one.verdict.Request, one.now)
	one.verdict.Report = report
	return err
}

// search looks for the cause; a search that lasts shows how far it is.
func (j *judge) search(ctx context.Context, r capture.Request, now time.Time) (*forensics.Report, error) {
	if j.flags.ignoreTime {
		now, r.Time = time.Time{}, time.Time{}
	}
	begun := time.Now()
	var line ui.Progress
	shown := 0
	report, err := forensics.Explain(ctx, forensics.CaseOf(r), forensics.Options{
		Secrets: j.secrets, Samples: j.samples, Tolerance: j.tolerance(), Now: now,
		Progress: func(done, total int) {
			if line == nil && time.Since(begun) > showProgressAfter {
				line = j.app.view.Err.Progress(int64(total), "searching for the cause")
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
