// Command pbhook makes, signs, delivers and checks Pocketbook webhooks.
package main

import (
	"context"
	"crypto/rand"
	"net"
	"os"
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
	os.Exit(cmd.Main(cmd.Signals(context.Background(), os.Exit), env, cmd.Version{Number: version, Commit: commit, Date: date}, os.Args[1:]))
}
