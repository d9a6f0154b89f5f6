package ui_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, pair := range pairs {
			if key, value, _ := strings.Cut(pair, "="); key == name {
				return value, true
			}
		}
		return "", false
	}
}

func TestColourIsDecidedByFlagThenEnvironmentThenTerminal(t *testing.T) {
	for name, test := range map[string]struct {
		mode ui.Mode
		env  []string
		want bool
	}{
		"a pipe has none":                     {ui.Auto, nil, false},
		"always colours a pipe":               {ui.Always, nil, true},
		"always beats NO_COLOR":               {ui.Always, []string{"NO_COLOR=1"}, true},
		"always beats a dumb terminal":        {ui.Always, []string{"TERM=dumb"}, true},
		"never beats CLICOLOR_FORCE":          {ui.Never, []string{"CLICOLOR_FORCE=1"}, false},
		"CLICOLOR_FORCE colours a pipe":       {ui.Auto, []string{"CLICOLOR_FORCE=1"}, true},
		"CLICOLOR_FORCE of 0 does not":        {ui.Auto, []string{"CLICOLOR_FORCE=0"}, false},
		"an empty CLICOLOR_FORCE does not":    {ui.Auto, []string{"CLICOLOR_FORCE="}, false},
		"NO_COLOR beats CLICOLOR_FORCE":       {ui.Auto, []string{"NO_COLOR=1", "CLICOLOR_FORCE=1"}, false},
		"NO_COLOR of 0 is still set":          {ui.Auto, []string{"NO_COLOR=0", "CLICOLOR_FORCE=1"}, false},
		"an empty NO_COLOR counts as not set": {ui.Auto, []string{"NO_COLOR=", "CLICOLOR_FORCE=1"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			term := ui.New(&bytes.Buffer{}, test.mode, environment(test.env...))
			painted := []bool{
				term.Colored(),
				term.Good("x") != "x",                    // fatih/color
				term.JSON([]byte("{\"x\":1}"))[4] != '"', // lipgloss
			}
			if diff := cmp.Diff([]bool{test.want, test.want, test.want}, painted); diff != "" {
				t.Errorf("decision, roles and layout differ from what is wanted:\n%s", diff)
			}
		})
	}
}

func TestTheProcessEnvironmentDecidesNothing(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	t.Setenv("TERM", "dumb")
	term := ui.New(&bytes.Buffer{}, ui.Auto, environment("CLICOLOR_FORCE=1"))
	if got, want := term.Good("x"), "\x1b[32mx\x1b[0m"; got != want {
		t.Errorf("Good = %q, want %q", got, want)
	}
	t.Setenv("NO_COLOR", "")
	t.Setenv("CLICOLOR_FORCE", "1")
	if got := ui.New(&bytes.Buffer{}, ui.Auto, environment()).Good("x"); got != "x" {
		t.Errorf("Good = %q without a colour in the given environment", got)
	}
}

func TestRolesAreTheSixteenColours(t *testing.T) {
	term := ui.New(&bytes.Buffer{}, ui.Always, environment())
	got := []string{
		term.Good("x"), term.Bad("x"), term.Warn("x"), term.Dim("x"), term.Bold("x"), term.Accent("x"), term.Arrow("-->"),
		term.Good(""),
	}
	want := []string{
		"\x1b[32mx\x1b[0m", "\x1b[31mx\x1b[0m", "\x1b[33mx\x1b[0m", "\x1b[2mx\x1b[22m", "\x1b[1mx\x1b[22m", "\x1b[36mx\x1b[0m",
		"\x1b[36;1m-->\x1b[0;22m", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roles differ (-want +got):\n%s", diff)
	}
}

func TestParseModeReadsItsWordsAndNothingElse(t *testing.T) {
	for _, word := range ui.Modes() {
		if mode, err := ui.ParseMode(word); err != nil || mode.String() != word {
			t.Errorf("ParseMode(%q) = %v, %v", word, mode, err)
		}
	}
	if mode, err := ui.ParseMode(""); mode != ui.Auto || err != nil {
		t.Errorf("ParseMode of nothing = %v, %v", mode, err)
	}
	_, err := ui.ParseMode("sometimes")
	if wrong := (*ui.ModeError)(nil); !errors.As(err, &wrong) || wrong.Value != "sometimes" {
		t.Errorf("ParseMode(sometimes) fails with %v, want a ModeError", err)
	}
}

func TestWidthWithoutATerminalIsEightyUnlessColumnsSaysOtherwise(t *testing.T) {
	for columns, want := range map[string]int{"": 80, "60": 60, "40": 40, "0": 80, "-5": 80, "wide": 80} {
		if got := ui.New(&bytes.Buffer{}, ui.Auto, environment("COLUMNS="+columns)).Width(); got != want {
			t.Errorf("Width with COLUMNS=%q is %d, want %d", columns, got, want)
		}
	}
}

func TestLinesOfSeveralWritersAreNeverTorn(t *testing.T) {
	var out bytes.Buffer
	term := ui.New(&out, ui.Never, environment())
	var writers sync.WaitGroup
	for _, letter := range "abcd" {
		writers.Go(func() {
			for range 200 {
				_, _ = term.Write([]byte(strings.Repeat(string(letter), 40) + "\n"))
			}
		})
	}
	writers.Wait()
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 800 {
		t.Fatalf("%d lines, want 800", len(lines))
	}
	for _, line := range lines {
		if line != strings.Repeat(line[:1], 40) {
			t.Fatalf("torn line %q", line)
		}
	}
}

func TestProgressIsSilentWithoutATerminal(t *testing.T) {
	var out bytes.Buffer
	progress := ui.New(&out, ui.Always, environment()).Progress(10, "sending")
	progress.Add(3)
	progress.Describe("still sending")
	progress.Done()
	progress.Done()
	if out.Len() > 0 {
		t.Errorf("progress wrote %q", out.String())
	}
}

func TestNobodyCanBeAskedWithoutATerminal(t *testing.T) {
	var out bytes.Buffer
	_, err := ui.ReadHidden(t.Context(), strings.NewReader("whsec_x\n"), &out, "Secret")
	if !errors.Is(err, ui.ErrNotTTY) || out.Len() > 0 {
		t.Errorf("ReadHidden gives %v and writes %q, want ErrNotTTY and nothing", err, out.String())
	}
	if ui.IsInputTTY(strings.NewReader("")) || ui.IsInputTTY(nil) {
		t.Error("a reader that is no terminal counts as one")
	}
}
