package cmd

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

// replayOptions are the flags of replay.
type replayOptions struct {
	query          queryFlags
	includeInvalid bool
	target         targetFlags
	secrets        secretFlags
	edit           replayEdits
	repeat         int
	rate           float64
	keepGoing      bool
	raw            bool
	dry            dryRunFlags
	store          storeFlags
}

// replayEdits change a body before it is sent again.
type replayEdits struct {
	library libraryFlags
	edits   []fixture.Edit // in the order of the command line
	noCheck bool
}

func (e *replayEdits) add(flags *pflag.FlagSet) {
	flags.Var(&editFlag{&e.edits, fixture.ParseSet}, "set", "set `PATH=VALUE` in the body, as in id=evt_2; a VALUE that is JSON is taken as such")
	flags.Var(&editFlag{&e.edits, fixture.ParseSetString}, "set-string", "set `PATH=VALUE`, always as a string")
	flags.Var(&editFlag{&e.edits, fixture.ParseUnset}, "unset", "remove `PATH` from the body")
	flags.BoolVar(&e.noCheck, "no-validate", false, "go on with paths that do not exist and values that break the schema")
	e.library.add(flags)
}

func (o *replayOptions) addSigning(flags *pflag.FlagSet) {
	o.secrets.add(flags)
	flags.BoolVar(&o.raw, "raw", false, "send bytes, header lines and signature as they were captured; receivers find an old one stale")
}

func (o *replayOptions) addQuery(flags *pflag.FlagSet) {
	o.query.add(flags)
	flags.BoolVar(&o.includeInvalid, "include-invalid", false, "take what had an invalid signature or none, or was no event, too; it gets a valid one")
}

func (o *replayOptions) addPace(flags *pflag.FlagSet) {
	flags.IntVar(&o.repeat, "repeat", 1, "send each `N` times; receivers handle an event once")
	flags.Var(rateFlag{&o.rate}, "rate", "begin this many a second: `50/s`, 30/m; without it one follows the other")
	flags.BoolVar(&o.keepGoing, "keep-going", false, "go on when attempt after attempt finds no server")
}

func newReplayCommand(a *app) *cobra.Command {
	var opts replayOptions
	c := &cobra.Command{
		Use:     "replay [ID|FILE...]",
		GroupID: groupReceive,
		Short:   "Deliver events of the history or of a capture once more",
		Long: "Deliver events of the history, or of a file of captures, once more, in the order in which they came.\n\n" +
			"An ID is that of a record or of an event, or a unique beginning or ending of one; last is the newest that was received. Filters choose " +
			"records in place of ids. FILE has a dot or a slash in its name, or is - for stdin, in any format that verify reads.\n\n" +
			"Each event is signed anew with a fresh time, and sent with its header lines as captured; its id stays, so a receiver " +
			"that has handled it may do nothing. What had an invalid signature is passed over; of a file that is not known, and all of it is " +
			"signed. What came of a replay is shown beside " +
			"what was answered first, and kept in the history.",
		Example: `  pbhook replay last
  pbhook replay STPY2 --to http://localhost:4000/hooks
  pbhook replay --events 'voucher.*' --status 5xx,none --since 1h --rate 5/s
  pbhook replay last --set id=evt_again --set data.owner=0xabc
  pbhook replay captured.ndjson --raw
  pbhook replay last --dry-run --print curl`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := opts.check(c, args); err != nil {
				return err
			}
			return runReplay(c.Context(), a, c, opts, args)
		},
	}
	inGroup(c.Flags(), "Endpoint", opts.target.add)
	inGroup(c.Flags(), "Signing", opts.addSigning)
	inGroup(c.Flags(), "Filters", opts.addQuery)
	inGroup(c.Flags(), "Edit", opts.edit.add)
	inGroup(c.Flags(), "Pace", opts.addPace)
	inGroup(c.Flags(), "Dry run", opts.dry.add)
	inGroup(c.Flags(), "History", opts.store.add)
	return c
}

const maxRepeats = 10_000

func (o *replayOptions) check(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 0 && !o.query.given():
		return usagef(c, "name what to replay: last, an id, a file of captures, or filters such as --events and --since")
	case o.repeat < 1 || o.repeat > maxRepeats:
		return usagef(c, "--repeat is %d; it takes 1 to %d", o.repeat, maxRepeats)
	case o.raw && len(o.edit.edits) > 0:
		return usagef(c, "--raw sends what was captured, and an edited body needs a new signature; leave one of them out")
	}
	return o.query.exclude(c, args)
}
