package ui_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

func readKeys(ctx context.Context, t *testing.T) (screen, tty *os.File, keys *ui.Keys) {
	t.Helper()
	screen, tty = openTerminal(t, 60)
	keys, err := ui.ReadKeys(ctx, lasting(t, tty))
	if err != nil {
		t.Fatal(err)
	}
	return screen, tty, keys
}

func next(t *testing.T, keys *ui.Keys) rune {
	t.Helper()
	key, err := keys.Next()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestKeysComeOneByOneWithoutALineAndUnseen(t *testing.T) {
	screen, tty, keys := readKeys(t.Context(), t)
	for _, typed := range []string{"r", "dp", "\x1b[A", "é"} {
		_, _ = io.WriteString(screen, typed)
		want := []rune(typed)
		if want[0] == '\x1b' {
			want = want[:1]
		}
		for _, key := range want {
			if got := next(t, keys); got != key {
				t.Errorf("%q is read as %q", typed, got)
			}
		}
	}
	if err := keys.Close(); err != nil || !echoes(t, tty) {
		t.Errorf("the terminal is not as it was: %v", err)
	}
	_, _ = io.WriteString(tty, "the end\n")
	if shown := readUntil(t, screen, "the end\r\n"); shown != "the end\r\n" {
		t.Errorf("the screen shows %q", shown)
	}
}

func TestAskReadsALineThatIsSeenAndCanBeMended(t *testing.T) {
	for typed, want := range map[string]string{
		"voucher.*\r": "voucher.*", "axé\x7f\x7fb\n": "ab", "\x7f\x7f\r": "", "a\x01\x02b\r": "ab",
		strings.Repeat("x", 250) + "\r": strings.Repeat("x", 250),
	} {
		screen, tty, keys := readKeys(t.Context(), t)
		_, _ = io.WriteString(screen, typed)
		got, ok, err := keys.Ask(tty, "filter")
		if got != want || !ok || err != nil {
			t.Errorf("%q is read as %q, %t, %v", typed, got, ok, err)
		}
		readUntil(t, screen, "filter: ")
		_ = keys.Close()
	}
	screen, tty, keys := readKeys(t.Context(), t)
	_, _ = io.WriteString(screen, "abc\x1b")
	if got, ok, err := keys.Ask(tty, "filter"); ok || err != nil {
		t.Errorf("escape gives %q, %t, %v", got, ok, err)
	}
	_ = keys.Close()
}

func TestKeysEndWithTheirContext(t *testing.T) {
	ended := errors.New("ended")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, _, keys := readKeys(ctx, t)
	cancel(ended)
	if key, err := keys.Next(); !errors.Is(err, ended) {
		t.Errorf("Next gives %q, %v", key, err)
	}
	_ = keys.Close()
}

func TestKeysComeAgainAfterAStop(t *testing.T) {
	screen, tty, keys := readKeys(t.Context(), t)
	cooked, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	cooked.Lflag |= unix.ICANON | unix.ECHO
	if err := unix.IoctlSetTermios(int(tty.Fd()), unix.TCSETS, cooked); err != nil { // as a shell does
		t.Fatal(err)
	}
	if err := unix.Kill(os.Getpid(), unix.SIGCONT); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return !echoes(t, tty) })
	_, _ = io.WriteString(screen, "q")
	if key := next(t, keys); key != 'q' {
		t.Errorf("q is read as %q", key)
	}
	if err := keys.Close(); err != nil || !echoes(t, tty) {
		t.Errorf("the terminal is not as it was: %v", err)
	}
}

func TestThereAreNoKeysWithoutATerminal(t *testing.T) {
	if _, err := ui.ReadKeys(t.Context(), strings.NewReader("q")); !errors.Is(err, ui.ErrNotTTY) {
		t.Errorf("ReadKeys gives %v", err)
	}
}
