// Command pbhook makes, signs, delivers and checks Pocketbook webhooks.
package main

import (
	"context"
	"crypto/rand"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pocketbook-studio/pbhook/cmd"
)

// Set by the linker in a release build.
var (
	version = "dev"
	commit  = ""
	date    = ""
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Once the first signal has arrived the default action returns, so a second Ctrl-C ends the process at once.
	context.AfterFunc(ctx, stop)

	var listener net.ListenConfig
	env := cmd.Env{
		Stdin:     os.Stdin,
		Stdout:    os.Stdout,
		Stderr:    os.Stderr,
		LookupEnv: os.LookupEnv,
		Now:       time.Now,
		Rand:      rand.Reader,
		Listen:    listener.Listen,
	}
	os.Exit(cmd.Main(ctx, env, cmd.Version{Number: version, Commit: commit, Date: date}, os.Args[1:]))
}
