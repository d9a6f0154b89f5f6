package cmd_test

import (
	"context"
	"crypto/rand"
	"flag"
	"net"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pocketbook-studio/pbhook/cmd"
)

var update = flag.Bool("update", false, "rewrite the expectations of the scripts to what the commands print now")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pbhook": pbhook})
}

// pbhook is the command as main runs it, for scripts to call.
func pbhook() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	var listener net.ListenConfig
	os.Exit(cmd.Main(ctx, cmd.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		LookupEnv: os.LookupEnv,
		Now:       time.Now,
		Rand:      rand.Reader,
		Listen:    listener.Listen,
	}, cmd.Version{Number: "1.2.3-test"}, os.Args[1:]))
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		Setup:               scriptSetup,
		Cmds:                scriptCommands(),
	})
}

// scriptSecret is the signing secret of every script; it must never turn up in any output.
const scriptSecret = "whsec_scriptsecret_0123456789abcdef"

// scriptSetup gives a script a home of its own and a signing secret.
func scriptSetup(env *testscript.Env) error {
	env.Setenv("HOME", env.WorkDir+"/home")
	env.Setenv("XDG_CONFIG_HOME", env.WorkDir+"/home/.config")
	env.Setenv("POCKETBOOK_WEBHOOK_SECRET", scriptSecret)
	env.Setenv("NO_PROXY", "*")
	return nil
}
