package cmd

import (
	"cmp"
	"context"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/forward"
)

// watcher does what somebody at the terminal asks for by single keys.
type watcher struct {
	a    *app
	in   *intake
	keys *ui.Keys
}

// watchKeys begins to take keys where somebody sits at a terminal; quit is closed when they want to end. The caller releases
// the terminal.
func watchKeys(ctx context.Context, a *app, in *intake) (quit <-chan struct{}, release func()) {
	if a.view.JSON || !a.view.Err.IsTTY() {
		return nil, func() {}
	}
	keys, err := ui.ReadKeys(ctx, a.env.Stdin)
	if err != nil { // nobody is there, or the terminal has no keys
		return nil, func() {}
	}
	ended := make(chan struct{})
	w := &watcher{a: a, in: in, keys: keys}
	w.help()
	go func() {
		if w.run(ctx) {
			close(ended)
		}
	}()
	return ended, func() { _ = keys.Close() }
}

// run tells whether it was a key that ended it.
func (w *watcher) run(ctx context.Context) (quit bool) {
	for {
		key, err := w.keys.Next()
		if err != nil {
			return false
		}
		switch key {
		case 'q':
			return true
		case 'r':
			w.replay(ctx)
		case 'd':
			w.details()
		case 'p':
			w.in.desk.pause()
		case 'c':
			w.a.view.Out.Clear()
		case 'f':
			w.filter()
		case '?':
			w.help()
		}
	}
}

func (w *watcher) help() {
	keys := "d details of last · p pause · f filter · c clear · q quit · ? help"
	if w.in.replayer != nil {
		keys = "r replay last · " + keys
	}
	w.a.view.Note("keys: %s", keys)
}

func (w *watcher) filter() {
	var pattern string
	var given bool
	w.in.desk.ask(func() { pattern, given, _ = w.keys.Ask(w.a.view.Err, "show events of (all if empty)") })
	if given {
		w.in.desk.narrow(pattern)
	}
}

func (w *watcher) details() {
	got, ok := w.in.desk.newest()
	if !ok {
		w.a.view.Note("nothing has been received yet")
		return
	}
	_ = w.a.view.Details(got)
}

// replay hands the newest event on once more, signed for now: its own signature may be too old already. One that was never
// authentic is not made so.
func (w *watcher) replay(ctx context.Context) {
	got, ok := w.in.desk.newest()
	switch {
	case !ok:
		w.a.view.Note("nothing has been received yet")
	case w.in.replayer == nil:
		w.a.view.Note("there is no server to replay to; start with --forward-to, or use pbhook replay last --to URL")
	case !got.Judged || got.VerifyErr != nil:
		w.a.view.Note("the last request is not replayed: its signature does not hold, and a new one would make it look authentic")
	default:
		w.a.view.Note("replaying %s, signed anew where the secret is known", cmp.Or(ui.SanitizeLine(got.Event.ID, 80), "an event without an id"))
		result := w.in.replayer.Forward(ctx, forward.Delivery{Request: got.Request, Type: string(got.Event.Type), ID: got.Event.ID})
		_ = w.a.view.Followed(got, result.Answers, w.in.desk.show)
	}
}
