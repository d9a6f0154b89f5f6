// Package cmd is the command line of pbhook: each verb turns its flags into options, calls the packages under pkg, and
// hands the result to a view.
package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
)

// The groups in which the front page lists the verbs.
const (
	groupSend    = "send"
	groupReceive = "receive"
	groupCheck   = "check"
	groupShare   = "share"
	groupSetUp   = "setup"
)

// Main runs the command line args (without the program's name) and returns the exit code of the process.
func Main(ctx context.Context, env Env, v Version, args []string) int {
	a := newApp(env, v, wantsJSON(args, env.LookupEnv))
	root := newRootCommand(a)
	root.SetArgs(joinSecret(args))
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = a.unwritten
	}
	return a.finish(ctx, err)
}

func newRootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "pbhook",
		Short: "Make, deliver, receive and check Pocketbook webhooks",
		Long:  "pbhook makes, signs, delivers, receives and explains Pocketbook webhooks, so that you can build and prove the server that takes them.",
		Example: `  pbhook demo                                    # the whole loop on this machine
  pbhook send certificate.minted                 # to localhost:3000, signed
  pbhook check                                   # is your server safe to ship?`,
		Args:              noVerb,
		Version:           a.version.Number,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return a.prepare(c) },
		RunE: func(c *cobra.Command, _ []string) error {
			printFrontPage(a.view.Out, c)
			return a.view.Out.Err()
		},
	}
	root.SetIn(a.env.Stdin)
	root.SetOut(a.env.Stdout)
	root.SetErr(a.env.Stderr)
	root.SetVersionTemplate("pbhook {{.Version}}\n")
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		out := ui.New(a.env.Stdout, a.colorMode(), a.env.LookupEnv)
		printHelp(out, c)
		a.unwritten = out.Err()
	})
	root.SetFlagErrorFunc(flagError)
	a.flags.add(root.PersistentFlags())
	root.Flags().Bool("version", false, "show the version and end")
	completeFlags(root, globalWords())

	cobra.EnableCommandSorting = false // the verbs stand in the order in which one meets them
	root.AddGroup(
		&cobra.Group{ID: groupSend, Title: "Send"},
		&cobra.Group{ID: groupReceive, Title: "Receive"},
		&cobra.Group{ID: groupCheck, Title: "Check"},
		&cobra.Group{ID: groupShare, Title: "Share"},
		&cobra.Group{ID: groupSetUp, Title: "Set up"},
	)
	root.SetHelpCommandGroupID(groupSetUp)
	root.AddCommand(
		newDemoCommand(a),
		newSendCommand(a),
		newEventsCommand(a),
		newFixturesCommand(a),
		newListenCommand(a),
		newTunnelCommand(a),
		newHistoryCommand(a),
		newReplayCommand(a),
		newRegisterCommand(a),
		newScaffoldCommand(a),
		newCheckCommand(a),
		newVerifyCommand(a),
		newSignCommand(a),
		newCaptureCommand(a),
		newSecretCommand(a),
		newConfigCommand(a),
		newCompletionCommand(a),
		newVersionCommand(a),
	)
	refuseUnknownTopics(root)
	return root
}
