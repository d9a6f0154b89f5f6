package cmd

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// queryFlags choose records of the history.
type queryFlags struct {
	events, status, signatures, sources []string
	since, until, grep                  string
	notTaken                            bool
	limit                               int // what it is set to before add is its default

	flags *pflag.FlagSet
}

func (q *queryFlags) add(flags *pflag.FlagSet) {
	q.flags = flags
	flags.StringSliceVarP(&q.events, "events", "e", nil, "`GLOB,…` of event types, such as 'certificate.*'")
	flags.StringSliceVar(&q.status, "status", nil, "`STATUS,…` of the answer: 404, 4xx, 400-404, or none")
	flags.StringSliceVar(&q.signatures, "signature", nil, "`FINDING,…` about the signature: valid, invalid, stale, missing, unverified, unread")
	flags.StringSliceVar(&q.sources, "source", nil, "`SOURCE,…` of a record: listen, tunnel, import, replay")
	flags.BoolVar(&q.notTaken, "not-taken", false, "what a server that it was handed on or replayed to did not take: no answer, or none of 2xx")
	flags.StringVar(&q.since, "since", "", "received at this `TIME` or later: 10m (ago), 7d, RFC 3339 or unix seconds")
	flags.StringVar(&q.until, "until", "", "received before this `TIME`")
	flags.StringVar(&q.grep, "grep", "", "this `TEXT` is in the body or a header line; case matters")
	flags.IntVar(&q.limit, "limit", q.limit, "the newest `N` alone; 0 is all")
}

// given tells whether any of them is on the command line.
func (q *queryFlags) given() bool {
	names := []string{"events", "status", "signature", "source", "not-taken", "since", "until", "grep", "limit"}
	return slices.ContainsFunc(names, func(name string) bool { return q.flags.Changed(name) })
}

// exclude refuses filters beside ids.
func (q *queryFlags) exclude(c *cobra.Command, ids []string) error {
	if len(ids) > 0 && q.given() {
		return usagef(c, "name records by their ids or choose them with filters, not both")
	}
	return nil
}

func (q *queryFlags) query(a *app) (history.Query, error) {
	query := history.Query{Grep: q.grep, Limit: q.limit, NotTaken: q.notTaken}
	if q.limit < 0 {
		return query, &valueError{"--limit", q.flags.Lookup("limit").Value.String(), "is negative; 0 is all"}
	}
	for _, glob := range q.events {
		if glob == "all" {
			glob = "*"
		}
		if _, err := path.Match(glob, ""); err != nil {
			return query, &valueError{"--events", glob, "is no pattern; *, ? and [a-z] stand for characters"}
		}
		query.Types = append(query.Types, glob)
	}
	a.warnOfEvents(query.Types)
	for _, text := range q.status {
		status, err := history.ParseStatusRange(text)
		if err != nil {
			return query, err
		}
		query.Status = append(query.Status, status)
	}
	var err error
	if query.Signature, err = words("--signature", q.signatures, history.SignatureValid, history.SignatureInvalid,
		history.SignatureStale, history.SignatureMissing, history.SignatureUnverified, history.SignatureUnread); err != nil {
		return query, err
	}
	if query.Sources, err = words("--source", q.sources, history.SourceListen, history.SourceTunnel, history.SourceImport, history.SourceReplay); err != nil {
		return query, err
	}
	now := a.env.Now()
	if query.Since, err = past("--since", q.since, now); err != nil {
		return query, err
	}
	if query.Until, err = past("--until", q.until, now); err != nil {
		return query, err
	}
	if !query.Since.IsZero() && !query.Until.IsZero() && !query.Since.Before(query.Until) {
		return query, &valueError{"--since", q.since, "is not before --until " + q.until}
	}
	return query, nil
}

// past is a moment that was chosen, or none.
func past(flag, text string, now time.Time) (time.Time, error) {
	switch {
	case text == "":
		return time.Time{}, nil
	case strings.HasPrefix(text, "-"):
		return time.Time{}, &valueError{flag, text, "is negative; " + strings.TrimPrefix(text, "-") + " is that long ago"}
	}
	return parseMoment(flag, text, now)
}

// words reads the values of a flag that takes a few words alone.
func words[W ~string](flag string, texts []string, known ...W) ([]W, error) {
	var read []W
	for _, text := range texts {
		if !slices.Contains(known, W(text)) {
			names := make([]string, len(known))
			for i, word := range known {
				names[i] = string(word)
			}
			return nil, &valueError{flag, text, "is none of " + strings.Join(names, ", ")}
		}
		read = append(read, W(text))
	}
	return read, nil
}
