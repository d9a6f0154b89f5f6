package cmd

import (
	"context"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/history"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// replaySource is what a run replays. It can be gone through more than once, unless stdin is part of it.
type replaySource struct {
	args  []string
	unfit func(history.Record) unfit
	query history.Query
	store *history.Store
	files *captures
}

// received are the sources of records that are replayed unless others are asked for: a replay is none of them.
func received() []history.Source {
	return []history.Source{history.SourceListen, history.SourceTunnel, history.SourceImport}
}

// openReplaySource leaves the closing of the store to its caller. Files are no reason to look into the history, but what
// comes of them is kept there.
func openReplaySource(ctx context.Context, a *app, opts replayOptions, args []string) (*replaySource, error) {
	query, err := opts.query.query(a)
	if err != nil {
		return nil, err
	}
	query.OldestFirst = true
	if len(query.Sources) == 0 {
		query.Sources = received()
	}
	if query.Until.IsZero() {
		query.Until = a.env.Now() // the target may be a listener that keeps what it gets in the same history
	}
	recognised := &captureFlags{flags: pflag.NewFlagSet("replay", pflag.ContinueOnError)}
	source := &replaySource{args: args, unfit: opts.unfit, query: query, files: &captures{stdin: a.stdin, flags: recognised}}
	switch filesAlone := len(args) > 0 && !slices.ContainsFunc(args, isRef); {
	case filesAlone && opts.dry.on:
		source.store, err = history.OpenMemory(ctx, history.Options{})
	case filesAlone:
		source.store, err = a.openHistory(ctx, history.Retention{})
	default:
		source.store, err = a.readHistory(ctx)
	}
	return source, err
}

// check looks for everything that is named, so that nothing has gone out when one of it is not there or cannot be replayed.
func (s *replaySource) check(ctx context.Context) error {
	for _, arg := range s.args {
		var err error
		switch {
		case isRef(arg):
			var record history.Record
			if record, err = s.get(ctx, arg); err == nil && s.unfit(record) != "" {
				err = &unfitError{record, s.unfit(record)}
			}
		case arg != "-":
			_, err = os.Stat(arg)
		}
		if err != nil && !isDamaged(err) {
			return err
		}
	}
	return nil
}

// isRef tells an id from the name of a file.
func isRef(arg string) bool { return arg != "-" && !strings.ContainsAny(arg, `./\`) }

func (s *replaySource) readsStdin() bool { return slices.Contains(s.args, "-") }

// records ranges over all of it. After an error the range goes on where that is possible.
func (s *replaySource) records(ctx context.Context) iter.Seq2[history.Record, error] {
	if len(s.args) == 0 {
		return s.store.List(ctx, s.query)
	}
	return func(yield func(history.Record, error) bool) {
		for _, arg := range s.args {
			if isRef(arg) {
				if record, err := s.get(ctx, arg); !yield(record, err) {
					return
				}
			} else if !s.file(arg, yield) {
				return
			}
		}
	}
}

// maxReplays bounds the way back from a replay of a replay to what was received.
const maxReplays = 100

// get takes last and the id of an event for what was received: the newest record of them may be the replay before this one,
// with another body. A replay is replayed by the id of its own record.
func (s *replaySource) get(ctx context.Context, ref string) (history.Record, error) {
	if ref == "last" {
		for record, err := range s.store.List(ctx, history.Query{Sources: received(), Limit: 1}) {
			return record, err
		}
		return history.Record{}, &history.NotFoundError{Ref: ref}
	}
	record, err := s.store.Get(ctx, ref)
	id := strings.ToUpper(ref)
	if err != nil || strings.HasPrefix(record.ID, id) || strings.HasSuffix(record.ID, id) {
		return record, err
	}
	for range maxReplays {
		original, gone := s.store.Get(ctx, record.ReplayOf)
		if gone != nil || original.EventID != record.EventID {
			break
		}
		record = original
	}
	return record, nil
}

func (s *replaySource) file(name string, yield func(history.Record, error) bool) bool {
	return s.files.input(name, func(one captured) bool {
		if one.err != nil {
			return yield(history.Record{}, one.err)
		}
		if one.format == capture.FormatHAR && len(one.request.Values(signature.HeaderName)) == 0 {
			return true
		}
		claims, _ := event.Decode(one.request.Body) // what is no event is sent all the same
		return yield(history.Record{Capture: one.request, EventID: claims.ID, EventType: string(claims.Type)}, nil)
	})
}
