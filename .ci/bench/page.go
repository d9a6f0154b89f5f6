package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The table stands between these two lines of the page.
const (
	begin = "<!-- from here to the end of the figures: written by .ci/bench/run -->"
	end   = "<!-- the end of the figures -->"
)

func table(outcomes []outcome) string {
	var out strings.Builder
	out.WriteString("| Work | Peer or floor | pbhook | peer | ratio | target | holds? | command |\n|---|---|---|---|---|---|---|---|\n")
	for _, o := range outcomes {
		own, other, peer, aim := "–", "–", "–", "–"
		if o.err == nil {
			own = o.show(o.ownMedian)
		}
		if o.peer != "" {
			peer = o.peerName()
			if o.err == nil {
				other = o.show(o.peerMedian)
			}
		}
		if o.target.text != "" {
			aim = o.target.text
		}
		cells := []string{o.work, peer, own, other, o.ratio(), aim, o.verdict(), "`.ci/bench/run --only " + o.comparison + "`"}
		for i, cell := range cells {
			cells[i] = strings.NewReplacer("|", `\|`, "\n", " ").Replace(cell)
		}
		fmt.Fprintf(&out, "| %s |\n", strings.Join(cells, " | "))
	}
	return out.String()
}

// summary says how many of the targets hold, and which do not.
func summary(outcomes []outcome) string {
	targets, held := 0, 0
	var below, unmeasured []string
	for _, o := range outcomes {
		name := o.work
		if o.peer != "" {
			name += " (" + o.peer + ")"
		}
		switch {
		case o.err != nil:
			unmeasured = append(unmeasured, name)
		case o.target.text != "" && !o.held:
			below = append(below, name)
		}
		if o.target.text != "" {
			targets++
			if o.held {
				held++
			}
		}
	}
	said := fmt.Sprintf("%d of %d targets hold.", held, targets)
	if len(below) > 0 {
		said += " Below target: " + strings.Join(below, "; ") + "."
	}
	if len(unmeasured) > 0 {
		said += " Not measured: " + strings.Join(unmeasured, "; ") + "."
	}
	return said
}

// writePage puts the section between the marks of the page, whole or not at all.
func writePage(path, section string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	page, err = splice(page, section)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	draft := path + ".new"
	if err := os.WriteFile(draft, page, 0o644); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

func splice(page []byte, section string) ([]byte, error) {
	before, rest, found := bytes.Cut(page, []byte(begin))
	_, after, ended := bytes.Cut(rest, []byte(end))
	if !found || !ended {
		return nil, fmt.Errorf("it has no lines %q and %q", begin, end)
	}
	return fmt.Appendf(nil, "%s%s\n\n%s\n\n%s%s", before, begin, strings.TrimSpace(section), end, after), nil
}
