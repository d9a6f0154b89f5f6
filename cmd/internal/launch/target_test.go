package launch_test

import (
	"errors"
	"net"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/launch"
)

func TestParseTargetReadsWhatPeopleWrite(t *testing.T) {
	for text, want := range map[string]string{
		":3000":                        "localhost:3000",
		"3000":                         "localhost:3000",
		"0.0.0.0:80":                   "0.0.0.0:80",
		"[::1]:8080":                   "[::1]:8080",
		"app.test:65535":               "app.test:65535",
		"http://localhost:3000/health": "http://localhost:3000/health",
		"https://app.test":             "https://app.test",
	} {
		target, err := launch.ParseTarget(text)
		if err != nil || target.String() != want {
			t.Errorf("%s is %s, %v; want %s", text, target, err, want)
		}
	}
	for _, text := range []string{
		"", ":", ":0", ":65536", ":http", "localhost", "::1:80", "http://", "ftp://app.test", "http://u:p@app.test", "-1",
	} {
		target, err := launch.ParseTarget(text)
		if _, ok := errors.AsType[*launch.TargetError](err); !ok || !target.IsZero() {
			t.Errorf("%q is %q, %v; want a TargetError", text, target, err)
		}
	}
}

func TestTheAddressOfAURLIsItsHostAndPort(t *testing.T) {
	for text, want := range map[string]string{
		"http://localhost:3000/webhooks": "localhost:3000",
		"http://app.test/x":              "app.test:80",
		"https://[::1]/x":                "[::1]:443",
	} {
		target, err := launch.ParseTarget(text)
		if err != nil || target.Address().String() != want {
			t.Errorf("%s has the address %s, %v; want %s", text, target.Address(), err, want)
		}
	}
}

// A server that calls localhost ::1 is found as well as one on 127.0.0.1.
func TestEitherAddressOfLocalhostIsTaken(t *testing.T) {
	for _, at := range []string{"127.0.0.1:0", "[::1]:0"} {
		listener, err := net.Listen("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		target, err := launch.ParseTarget(":" + port)
		if err != nil {
			t.Fatal(err)
		}
		_, err = launch.Start(t.Context(), launch.Options{Command: "exit 1", Target: target})
		if _, ok := errors.AsType[*launch.TakenError](err); !ok {
			t.Errorf("with a server on %s: %v", at, err)
		}
		listener.Close()
	}
}
