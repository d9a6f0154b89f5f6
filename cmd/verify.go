package cmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	input   captureFlags
	secrets secretFlags
	library libraryFlags
	judge   judgeFlags
}

// judgeFlags say how strictly, and as of when, deliveries are judged.
type judgeFlags struct {
	tolerance  time.Duration
	at         string
	ignoreTime bool
	strict     bool
	explain    int
}

func (j *judgeFlags) add(flags *pflag.FlagSet) {
	flags.DurationVar(&j.tolerance, "tolerance", signature.DefaultTolerance, "accept a signature up to this `DURATION` old or ahead")
	flags.StringVar(&j.at, "at", "", "judge as of this `TIME`: received, 10m (ago), RFC 3339 or unix seconds (default now)")
	flags.BoolVar(&j.ignoreTime, "ignore-time", false, "let the signature alone decide, however old it is")
	flags.BoolVar(&j.strict, "strict", false, "refuse what would otherwise be warned of")
	flags.IntVar(&j.explain, "explain", 3, "search for the cause of the first `N` signatures that do not hold")
	isSetting(flags, "tolerance")
}

func newVerifyCommand(a *app) *cobra.Command {
	var opts verifyOptions
	c := &cobra.Command{
		Use:     "verify [FILE...]",
		GroupID: groupCheck,
		Short:   "Tell whether captured signatures hold, and if not, prove why",
		Long: `Tell whether the signatures of captured deliveries hold, and if not, prove why.

FILE is pbhook's own NDJSON, a HAR of a browser or proxy, a raw HTTP message, or a curl command; the format is recognised.
Without a FILE, or with -, stdin is read. A body that was kept alone is verified with --signature.`,
		Example: `  pbhook verify request.http
  pbhook verify captured.ndjson --at received --secret
  pbhook verify body.json --signature 't=1700000000,v1=a09a…'
  pbhook send certificate.minted --dry-run | pbhook verify`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := opts.check(c); err != nil {
				return err
			}
			return runVerify(c.Context(), a, c, opts, args)
		},
	}
	inGroup(c.Flags(), "Input", opts.input.add)
	inGroup(c.Flags(), "Signing", opts.secrets.add)
	inGroup(c.Flags(), "Verdict", opts.judge.add)
	inGroup(c.Flags(), "Fixtures", opts.library.add)
	return c
}

func (o *verifyOptions) check(c *cobra.Command) error {
	if o.judge.ignoreTime && o.judge.at != "" {
		return usagef(c, "--ignore-time and --at contradict each other")
	}
	if o.judge.explain < 0 {
		return usagef(c, "--explain is %d; 0 searches for nothing", o.judge.explain)
	}
	return nil
}

// runVerify judges every request of every input and ends with the worst of what it found.
func runVerify(ctx context.Context, a *app, c *cobra.Command, opts verifyOptions, args []string) error {
	judge, err := newJudge(ctx, a, opts)
	if err != nil {
		return err
	}
	inputs, err := opts.input.open(a, c, args)
	if err != nil {
		return err
	}
	var score view.Verdicts
	unread := unreadable{view: a.view}
	for batch := range inBatches(inputs.requests()) {
		for _, one := range judge.all(batch) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if one.unread != nil {
				unread.add(one.unread)
				continue
			}
			if one.foreign {
				score.Foreign++
				continue
			}
			if err := judge.explain(ctx, &one); err != nil {
				return err
			}
			score.Add(one.verdict)
			if err := a.view.Verdict(one.verdict); err != nil {
				return err
			}
		}
	}
	score.Unread, score.Skipped = unread.count, inputs.skipped
	switch {
	case score.Total()+score.Unread > 0:
	case score.Foreign > 0:
		return errNothingSigned
	default:
		return &noRequestError{inputs.skipped}
	}
	if score.Total()+score.Unread+score.Foreign > 1 {
		if err := a.view.Verdicts(score); err != nil {
			return err
		}
	}
	if score.Invalid+score.OutsideTime > 0 {
		return &refusedError{score: score, source: judge.source}
	}
	return unread.err()
}
