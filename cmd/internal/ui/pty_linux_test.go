package ui_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// openTerminal gives both ends of a pseudo terminal: screen reads what a person would see and types, tty is the program's.
func openTerminal(t *testing.T, columns uint16) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatalf("open a pseudo terminal: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	control := func(do func(fd int) error) {
		t.Helper()
		raw, err := screen.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		var failed error
		if err := raw.Control(func(fd uintptr) { failed = do(int(fd)) }); err != nil || failed != nil {
			t.Fatalf("set up the pseudo terminal: %v, %v", err, failed)
		}
	}
	var number int
	control(func(fd int) error { return unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0) })
	control(func(fd int) (err error) { number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN); return err })
	control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})
	})
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatalf("open the program's end: %v", err)
	}
	t.Cleanup(func() { tty.Close() })
	return screen, tty
}

// readUntil reads the screen until it shows text.
func readUntil(t *testing.T, screen *os.File, text string) string {
	t.Helper()
	if err := screen.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var seen strings.Builder
	buffer := make([]byte, 4096)
	for !strings.Contains(seen.String(), text) {
		n, err := screen.Read(buffer)
		if err != nil {
			t.Fatalf("the screen shows %q and then %v, want %q", seen.String(), err, text)
		}
		seen.Write(buffer[:n])
	}
	return seen.String()
}

func echoes(t *testing.T, tty *os.File) bool {
	t.Helper()
	settings, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return settings.Lflag&unix.ECHO != 0
}

func TestATerminalIsRecognisedAndMeasured(t *testing.T) {
	_, tty := openTerminal(t, 60)
	for name, test := range map[string]struct {
		mode    ui.Mode
		env     []string
		colored bool
		width   int
	}{
		"has colour and its own width": {ui.Auto, nil, true, 60},
		"a dumb one has no colour":     {ui.Auto, []string{"TERM=dumb"}, false, 60},
		"NO_COLOR takes colour away":   {ui.Auto, []string{"NO_COLOR=1"}, false, 60},
		"the flag takes colour away":   {ui.Never, []string{"CLICOLOR_FORCE=1"}, false, 60},
		"COLUMNS goes before its size": {ui.Auto, []string{"COLUMNS=40"}, true, 40},
	} {
		t.Run(name, func(t *testing.T) {
			term := ui.New(tty, test.mode, environment(test.env...))
			if !term.IsTTY() || term.Colored() != test.colored || term.Width() != test.width {
				t.Errorf("IsTTY %v, Colored %v, Width %d; want true, %v, %d",
					term.IsTTY(), term.Colored(), term.Width(), test.colored, test.width)
			}
		})
	}
}

func TestATableFitsTheTerminal(t *testing.T) {
	rows := [][]string{
		{"certificate.minted", "a certificate has been written to the chain and can be shown"},
		{"bulk.completed", "done"},
	}
	for name, test := range map[string]struct {
		columns uint16
		want    string
	}{
		"at 60 columns the last one wraps": {60, "" +
			"certificate.minted   a certificate has been written to the\n" +
			"                     chain and can be shown\n" +
			"bulk.completed       done\n"},
		"at 40 columns too": {40, "" +
			"certificate.minted   a certificate has\n" +
			"                     been written to the\n" +
			"                     chain and can be\n" +
			"                     shown\n" +
			"bulk.completed       done\n"},
		"at 30 columns it follows below": {30, "" +
			"certificate.minted\n" +
			"   a certificate has been\n" +
			"   written to the chain and\n" +
			"   can be shown\n" +
			"bulk.completed       done\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, tty := openTerminal(t, test.columns)
			got := ui.New(tty, ui.Never, environment()).Table(nil, rows)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Table differs (-want +got):\n%s", diff)
			}
			for line := range strings.Lines(got) {
				if len(line)-1 > int(test.columns) {
					t.Errorf("line %q is wider than %d columns", line, test.columns)
				}
			}
		})
	}
}

func TestProgressStepsAsideForLinesAndLeavesNothingBehind(t *testing.T) {
	for total, last := range map[int64]string{10: "nearly done 100% ━━━━━━━━━━━━━━━ (10/10)", -1: "nearly done (104)"} {
		screen, tty := openTerminal(t, 60)
		term := ui.New(tty, ui.Auto, environment())
		progress := term.Progress(total, "sending")
		readUntil(t, screen, "sending")
		second := term.Progress(5, "other") // one line on a screen is enough: the second is silent
		second.Add(1)
		second.Done()
		progress.Add(4)
		readUntil(t, screen, "(4")
		if _, err := io.WriteString(term, "a line\n"); err != nil {
			t.Fatal(err)
		}
		shown := readUntil(t, screen, "a line\r\n")
		if !strings.Contains(shown, "\r\x1b[2Ka line\r\n") {
			t.Errorf("the line is written over the progress: %q", shown)
		}
		progress.Describe("nearly done")
		progress.Add(100)
		readUntil(t, screen, last)
		progress.Done()
		progress.Done()
		if _, err := io.WriteString(term, "the end\n"); err != nil {
			t.Fatal(err)
		}
		if shown := readUntil(t, screen, "the end\r\n"); !strings.HasSuffix(shown, "\r\x1b[2Kthe end\r\n") {
			t.Errorf("the progress line is left behind: %q", shown)
		}
	}
}

func TestAProgressLineIsNarrowerThanItsTerminal(t *testing.T) {
	screen, tty := openTerminal(t, 40)
	progress := ui.New(tty, ui.Never, environment()).Progress(1_000_000, strings.Repeat("long label ", 10))
	defer progress.Done()
	shown := readUntil(t, screen, "…")
	for line := range strings.SplitSeq(shown, "\r\x1b[2K") {
		if len([]rune(line)) > 39 {
			t.Errorf("%q takes %d columns of 40", line, len([]rune(line)))
		}
	}
}

func TestADumbTerminalGetsNoProgress(t *testing.T) {
	screen, tty := openTerminal(t, 60)
	term := ui.New(tty, ui.Auto, environment("TERM=dumb"))
	progress := term.Progress(10, "sending")
	progress.Add(1)
	progress.Done()
	_, _ = io.WriteString(term, "the end\n")
	if shown := readUntil(t, screen, "the end"); !strings.HasPrefix(shown, "the end") {
		t.Errorf("the screen shows %q", shown)
	}
}

func TestAHiddenPromptReadsALineAndShowsNothingOfIt(t *testing.T) {
	screen, tty := openTerminal(t, 60)
	type answer struct {
		text string
		err  error
	}
	answered := make(chan answer)
	go func() {
		text, err := ui.ReadHidden(t.Context(), tty, tty, "Signing secret")
		answered <- answer{text, err}
	}()
	shown := readUntil(t, screen, "Signing secret: ")
	waitFor(t, func() bool { return !echoes(t, tty) })
	_, _ = io.WriteString(screen, "whsec_hidden\r")
	got := <-answered
	if got.err != nil || got.text != "whsec_hidden" {
		t.Errorf("ReadHidden gives %q, %v", got.text, got.err)
	}
	if !echoes(t, tty) {
		t.Error("typing stays hidden afterwards")
	}
	_, _ = io.WriteString(tty, "the end\n")
	if shown += readUntil(t, screen, "the end"); strings.Contains(shown, "hidden") {
		t.Errorf("the screen shows %q", shown)
	}
}

func TestAnInterruptedPromptGivesTheTerminalBack(t *testing.T) {
	screen, tty := openTerminal(t, 60)
	interrupted := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	failed := make(chan error)
	go func() {
		_, err := ui.ReadHidden(ctx, lasting(t, tty), tty, "Signing secret")
		failed <- err
	}()
	readUntil(t, screen, "Signing secret: ")
	waitFor(t, func() bool { return !echoes(t, tty) })
	cancel(interrupted)
	if err := <-failed; !errors.Is(err, interrupted) {
		t.Errorf("ReadHidden fails with %v, want the cause of its context", err)
	}
	if !echoes(t, tty) {
		t.Error("typing stays hidden")
	}
}

func TestAPromptThatIsTooLateAsksNothing(t *testing.T) {
	_, tty := openTerminal(t, 60)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out strings.Builder
	if _, err := ui.ReadHidden(ctx, tty, &out, "Secret"); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("ReadHidden gives %v and writes %q", err, out.String())
	}
}

// lastingInput has a descriptor that stays open after the test, for the read that stays pending on it.
type lastingInput struct {
	io.Reader
	fd int
}

func (i lastingInput) Fd() uintptr { return uintptr(i.fd) }

func lasting(t *testing.T, tty *os.File) lastingInput {
	t.Helper()
	fd, err := unix.Dup(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return lastingInput{tty, fd}
}

// waitFor returns once condition holds.
func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	deadline := time.NewTimer(10 * time.Second)
	defer deadline.Stop()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for !condition() {
		select {
		case <-ticker.C:
		case <-deadline.C:
			t.Fatal("the condition never held")
		}
	}
}
