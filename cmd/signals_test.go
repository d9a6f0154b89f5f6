package cmd

import (
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestASignalThatComesTwiceAtOnceIsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := make(chan os.Signal)
		defer close(asked)
		ended, code := 0, 0
		go obey(asked, func() { ended++ }, func(c int) { code = c })
		asked <- syscall.SIGTERM
		asked <- syscall.SIGTERM
		synctest.Wait()
		if ended != 1 || code != 0 {
			t.Errorf("asked to end %d times, exit with %d; want once and no exit", ended, code)
		}
		time.Sleep(time.Second)
		asked <- syscall.SIGHUP
		synctest.Wait()
		if code != 0 {
			t.Errorf("SIGHUP: exit with %d", code)
		}
		asked <- syscall.SIGTERM
		synctest.Wait()
		if code != 143 {
			t.Errorf("a second later: exit with %d, want 143", code)
		}
	})
}
