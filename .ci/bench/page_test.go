package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var errAbsent = errors.New("wrk is not installed")

func TestThePageHasARowForEachComparison(t *testing.T) {
	page, err := os.ReadFile("../../docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), begin)
	section, _, _ := strings.Cut(after, end)
	rows := map[string]bool{}
	for line := range strings.Lines(section) {
		cells := strings.Split(line, " | ")
		if len(cells) == 8 {
			// The peer's version may differ.
			peer, _, _ := strings.Cut(cells[1], " ")
			rows[cells[0]+" | "+peer+" | "+strings.TrimSpace(cells[7])] = true
		}
	}
	for _, c := range comparisons() {
		if !strings.Contains(string(page), "**"+c.name+"**:") {
			t.Errorf("the page does not tell what %s compares", c.name)
		}
		for _, r := range c.rows {
			peer := "–"
			if r.peer != "" {
				peer, _, _ = strings.Cut(r.peer, " ")
			}
			want := "| " + r.work + " | " + peer + " | `.ci/bench/run --only " + c.name + "` |"
			if !rows[want] {
				t.Errorf("the table has no row %q; .ci/bench/run writes it", want)
			}
			delete(rows, want)
		}
	}
	for row := range rows {
		if !strings.HasPrefix(row, "| Work") {
			t.Errorf("the table has a row of no comparison: %q", row)
		}
	}
}

func TestTable(t *testing.T) {
	rounds := []figures{{"own": 2000, "peer": 1000}, {"own": 1400, "peer": 1000}, {"own": 3200, "peer": 2000}}
	for _, tt := range []struct {
		name     string
		row      row
		measured measurement
		want     string
	}{
		{
			"a peer beaten in most runs", row{peer: "hey", own: "own", other: "peer", show: perSecond, target: atLeast(1.5)},
			measurement{rounds: rounds, versions: map[string]string{"hey": "v1"}},
			"| send | hey v1 | 2.0k/s | 1.0k/s | 1.60× (1.40–2.00) | ≥ 1.5× | holds, in 2 of 3 runs | `.ci/bench/run --only load` |",
		},
		{
			"a target that one run reaches", row{peer: "hey", own: "own", other: "peer", show: perSecond, target: atLeast(1.8)},
			measurement{rounds: rounds},
			"| send | hey | 2.0k/s | 1.0k/s | 1.60× (1.40–2.00) | ≥ 1.8× | **does not hold**, in 1 of 3 runs it does | `.ci/bench/run --only load` |",
		},
		{
			"a target that no run reaches", row{peer: "hey", own: "own", other: "peer", show: perSecond, target: atMost(1)},
			measurement{rounds: rounds},
			"| send | hey | 2.0k/s | 1.0k/s | 1.60× (1.40–2.00) | ≤ 1× | **does not hold** | `.ci/bench/run --only load` |",
		},
		{
			"no target", row{peer: "wrk", own: "own", other: "peer", show: perSecond},
			measurement{rounds: rounds},
			"| send | wrk | 2.0k/s | 1.0k/s | 1.60× (1.40–2.00) | – | – | `.ci/bench/run --only load` |",
		},
		{
			"no peer", row{own: "own", show: megabytes, target: atMostItself(30e6, megabytes)},
			measurement{rounds: []figures{{"own": 26e6}}},
			"| send | – | 26.0 MB | – | – | ≤ 30.0 MB | holds | `.ci/bench/run --only load` |",
		},
		{
			"a bound on the figure itself, beside a peer", row{peer: "sdk", own: "own", other: "peer", show: allocations, target: atMostItself(2, allocations)},
			measurement{rounds: []figures{{"own": 3, "peer": 17}}},
			"| send | sdk | 3 allocs | 17 allocs | 0.18× | ≤ 2 allocs | **does not hold** | `.ci/bench/run --only load` |",
		},
		{
			"one side is missing", row{peer: "wrk", own: "own", other: "wrk", show: perSecond},
			measurement{rounds: rounds, errs: map[string]error{"wrk": errAbsent}},
			"| send | wrk | – | – | – | – | not measured: wrk is not installed | `.ci/bench/run --only load` |",
		},
		{
			"the comparison failed", row{peer: "hey", own: "own", other: "peer", show: perSecond, target: atLeast(1)},
			measurement{err: errors.New("go test: exit status 1")},
			"| send | hey | – | – | – | ≥ 1× | not measured: go test: exit status 1 | `.ci/bench/run --only load` |",
		},
		{
			"a figure that was not reported", row{own: "other", show: perSecond, target: atLeast(1)},
			measurement{rounds: rounds},
			"| send | – | – | – | – | ≥ 1× | not measured: no figure \"other\" was reported | `.ci/bench/run --only load` |",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.row.work = "send"
			o := judge("load", tt.row, tt.measured)
			lines := strings.Split(table([]outcome{o}), "\n")
			if lines[2] != tt.want {
				t.Errorf("got  %s\nwant %s", lines[2], tt.want)
			}
			if failed := strings.Contains(tt.want, "not "); o.failed() != failed {
				t.Errorf("failed: %v", o.failed())
			}
		})
	}
}

func TestWritePageKeepsWhatIsAroundTheFigures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "benchmarks.md")
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# Before\n\n" + begin + "\nold\n" + end + "\n\nAfter\n")
	if err := writePage(path, "new\n"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "# Before\n\n" + begin + "\n\nnew\n\n" + end + "\n\nAfter\n"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}

	write("# Before\n\n" + begin + "\nold\n")
	if err := writePage(path, "new\n"); err == nil {
		t.Error("a page without an end of the figures was written")
	}
	if got, _ := os.ReadFile(path); string(got) != "# Before\n\n"+begin+"\nold\n" {
		t.Errorf("the page is now %q", got)
	}
}

func TestSummary(t *testing.T) {
	round := measurement{rounds: []figures{{"own": 2, "peer": 1}}}
	var outcomes []outcome
	for _, r := range []row{
		{work: "a", peer: "hey", own: "own", other: "peer", target: atLeast(2)},
		{work: "b", peer: "hey", own: "own", other: "peer", target: atLeast(3)},
		{work: "c", own: "own"},
		{work: "d", own: "absent", target: atMost(1)},
		{work: "e", peer: "wrk", own: "absent"},
	} {
		outcomes = append(outcomes, judge("load", r, round))
	}
	const want = "1 of 3 targets hold. Below target: b (hey). Not measured: d; e (wrk)."
	if got := summary(outcomes); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
