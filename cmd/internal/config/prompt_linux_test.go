package config_test

import (
	"errors"
	"io"
	"os"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

// person opens a pseudo terminal at which somebody answers the first prompt with line; seen gets what was on the screen.
func person(t *testing.T, line string) (tty *os.File, seen chan string) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatalf("open a pseudo terminal: %v", err)
	}
	t.Cleanup(func() { screen.Close() })
	raw, err := screen.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var number int
	var failed error
	if err := raw.Control(func(fd uintptr) {
		number, failed = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		failed = errors.Join(failed, unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0))
	}); err != nil || failed != nil {
		t.Fatalf("set up the pseudo terminal: %v, %v", err, failed)
	}
	if err := screen.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	seen = make(chan string, 1)
	go func() {
		prompt := make([]byte, 256)
		n, err := screen.Read(prompt)
		if err != nil {
			seen <- ""
			return
		}
		_, _ = io.WriteString(screen, line+"\r")
		seen <- string(prompt[:n])
	}()
	return tty, seen
}

func TestSomebodyAtATerminalIsAskedLastUnlessTheFlagAsksFirst(t *testing.T) {
	for name, test := range map[string]struct {
		request      config.SecretRequest
		environment  string
		want, source string
	}{
		"nothing has a secret":              {config.SecretRequest{Required: true}, "", "whsec_typed", "prompt"},
		"the environment has one":           {config.SecretRequest{Required: true}, "whsec_env", "whsec_env", "POCKETBOOK_WEBHOOK_SECRET"},
		"the flag has no value":             {config.SecretRequest{Flag: text("")}, "whsec_env", "whsec_typed", "prompt"},
		"the flag has one":                  {config.SecretRequest{Flag: text("whsec_flag")}, "", "whsec_flag", "--secret"},
		"standard input is the terminal":    {config.SecretRequest{File: "-"}, "whsec_env", "whsec_typed", "standard input"},
		"nobody is asked if none is needed": {config.SecretRequest{}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			tty, seen := person(t, "whsec_typed")
			host := d.host()
			host.Stdin, host.Stderr = tty, tty
			d.env["POCKETBOOK_WEBHOOK_SECRET"] = test.environment
			found, err := config.ResolveSecret(t.Context(), host, config.Config{}, test.request)
			if err != nil || found.Current.Reveal() != test.want || found.Source != test.source {
				t.Errorf("%q from %q, %v; want %q from %q", found.Current.Reveal(), found.Source, err, test.want, test.source)
			}
			if test.want == "whsec_typed" {
				if shown := <-seen; shown != "Signing secret: " {
					t.Errorf("the screen shows %q", shown)
				}
			}
		})
	}
}

func TestAnEmptyAnswerIsRefused(t *testing.T) {
	d := newDesk(t)
	tty, _ := person(t, "")
	host := d.host()
	host.Stdin, host.Stderr = tty, tty
	d.env["POCKETBOOK_WEBHOOK_SECRET"] = "whsec_env"
	_, err := config.ResolveSecret(t.Context(), host, config.Config{}, config.SecretRequest{Flag: text("")})
	if !errors.Is(err, signature.ErrEmptySecret) {
		t.Errorf("ResolveSecret fails with %v, want ErrEmptySecret", err)
	}
}

func TestTheTokenIsAskedForWhereNothingElseHasIt(t *testing.T) {
	d := newDesk(t)
	tty, seen := person(t, "token-that-was-typed")
	host := d.host()
	host.Stdin, host.Stderr = tty, tty
	token, from, err := config.ResolveToken(t.Context(), host, config.Config{}, config.TokenRequest{})
	if err != nil || token.Reveal() != "token-that-was-typed" || from != "prompt" {
		t.Errorf("%q from %q, %v", token.Reveal(), from, err)
	}
	if shown := <-seen; shown != "API token: " {
		t.Errorf("the screen shows %q", shown)
	}
}
