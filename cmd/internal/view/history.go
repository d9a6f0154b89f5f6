package view

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/pkg/history"
)

// Gap sets what follows apart from what was shown; a program needs none.
func (v *View) Gap() {
	if !v.JSON {
		fmt.Fprintln(v.Out)
	}
}

// HistoryPath shows where the history is; as text it is the bare path, for use in scripts.
func (v *View) HistoryPath(path string) error {
	if v.JSON {
		return emit(v.Out, struct {
			Kind string `json:"kind"`
			Path string `json:"path"`
		}{"history_path", path})
	}
	_, err := fmt.Fprintln(v.Out, ui.Sanitize(path))
	return err
}

// Imported is what came of reading captures into the history.
type Imported struct {
	Kind    string `json:"kind"`
	Added   int    `json:"added"`
	Known   int    `json:"known"`                     // they were kept already
	Failed  int    `json:"failed"`                    // they could not be read or kept; each was told of
	Foreign int    `json:"unsignedSkipped,omitempty"` // other requests of a browser's log
}

// Imported sums up.
func (v *View) Imported(i Imported) error {
	if v.JSON {
		i.Kind = "import_summary"
		return emit(v.Out, i)
	}
	line := v.Out.Good(fmt.Sprintf("%d added", i.Added))
	if i.Known > 0 {
		line += fmt.Sprintf(", %d kept already", i.Known)
	}
	if i.Foreign > 0 {
		line += fmt.Sprintf(", %d other requests of the log skipped", i.Foreign)
	}
	if i.Failed > 0 {
		line += ", " + v.Out.Bad(fmt.Sprintf("%d unreadable", i.Failed))
	}
	_, err := fmt.Fprintln(v.Out, line)
	return err
}

// Pruned is what was removed from the history, or would be.
type Pruned struct {
	Kind    string `json:"kind"`
	Records int    `json:"records"`
	DryRun  bool   `json:"dryRun"`
	Oldest  string `json:"oldest,omitempty"`
	Newest  string `json:"newest,omitempty"`
	Left    int    `json:"left"`
}

// NewPruned names the records that a surplus is made of.
func NewPruned(s history.Surplus) Pruned {
	return Pruned{Records: s.Records, Oldest: s.Oldest, Newest: s.Newest}
}

// Pruned sums up.
func (v *View) Pruned(p Pruned) error {
	if v.JSON {
		p.Kind = "pruned"
		return emit(v.Out, p)
	}
	done := "removed"
	if p.DryRun {
		done = "would be removed"
	}
	line := fmt.Sprintf("%d %s, %d left", p.Records, done, p.Left)
	if p.Records > 0 {
		line += v.Out.Dim(fmt.Sprintf("  from %s to %s", p.Oldest, p.Newest))
	}
	_, err := fmt.Fprintln(v.Out, line)
	return err
}

// Working begins a line that counts what is done; only a terminal shows it.
func (v *View) Working(label string) ui.Progress { return v.Err.Progress(-1, label) }
