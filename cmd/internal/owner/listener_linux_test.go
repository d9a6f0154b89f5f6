package owner_test

import (
	"net"
	"os"
	"testing"

	"github.com/pocketbook-studio/pbhook/cmd/internal/owner"
)

func TestTheListenerOfAPortIsFound(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		port := listener.Addr().(*net.TCPAddr).Port
		got, ok := owner.Listener(port)
		if !ok || got.PID != os.Getpid() || got.Name == "" {
			t.Errorf("%s: found %+v, %t, want this process, %d", address, got, ok, os.Getpid())
		}
		listener.Close()
		if got, ok := owner.Listener(port); ok {
			t.Errorf("%s: found %v after it was closed", address, got)
		}
	}
}
