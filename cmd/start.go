package cmd

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/launch"
)

// What is kept of an app's output, and what of it is shown when the run fails.
const (
	appLogBytes = 64 << 10
	appLogLines = 40
)

// startFlags say how the user's app is started for the time of a run.
type startFlags struct {
	command string
	waitFor string
	wait    time.Duration

	flags *pflag.FlagSet
}

func (s *startFlags) add(flags *pflag.FlagSet) {
	s.flags = flags
	flags.StringVar(&s.command, "start", "", "start your app by this line of the `SHELL` first, with a made-up signing secret, and end it after the run")
	flags.StringVar(&s.waitFor, "wait-for", "", "the app is ready when this `ADDR` answers: :PORT, HOST:PORT or a URL (default the endpoint's port)")
	flags.DurationVar(&s.wait, "wait", launch.DefaultWait, "give the app this `DURATION` to get ready")
}

func (s *startFlags) wanted() bool { return s.command != "" }

func (s *startFlags) check(c *cobra.Command) error {
	for _, name := range []string{"wait-for", "wait"} {
		if s.flags.Changed(name) && !s.wanted() {
			return usagef(c, "--%s waits for an app; say how it is started with --start", name)
		}
	}
	switch {
	case s.flags.Changed("start") && strings.TrimSpace(s.command) == "":
		return usagef(c, "--start names no command")
	case s.wanted() && s.wait <= 0:
		return usagef(c, "--wait is %s; the app needs some time to get ready", s.wait)
	}
	return nil
}

// secrets are those of the run. An app that is started for it gets them too, and so never the ones of the environment.
func (s *startFlags) secrets(ctx context.Context, a *app, flags *secretFlags, required bool) (config.Secrets, error) {
	if s.wanted() {
		return flags.resolveForApp(ctx, a)
	}
	return flags.resolve(ctx, a, required)
}

// around calls run while the app runs, or alone if none is wanted. When run fails the end of what the app printed is shown.
// The app is started in the working directory and is ready when it answers at --wait-for, else at the port of the endpoint.
func (s *startFlags) around(ctx context.Context, a *app, secrets config.Secrets, endpoint string, run func() error) error {
	if !s.wanted() {
		return run()
	}
	target, err := s.target(endpoint)
	if err != nil {
		return err
	}
	log := launch.NewTail(appLogBytes)
	a.view.Note("starting the app, which is to answer at %s", target)
	started, err := launch.Start(ctx, launch.Options{
		Command: s.command, Env: environmentOfApp(secrets), Output: log, Target: target, Wait: s.wait,
	})
	if err == nil {
		err = run()
		if ended := started.Err(); ended != nil && ctx.Err() == nil {
			a.view.Warning(ended.Error() + " before the run was over")
		}
		if errors.Is(started.Stop(), launch.ErrKilled) {
			a.view.Warning("the app did not end within " + launch.DefaultGrace.String() + " of being asked to and was killed")
		}
	}
	if _, taken := errors.AsType[*launch.TakenError](err); err != nil && !taken && ctx.Err() == nil {
		lines, more := log.Lines(appLogLines)
		a.view.AppLog(withoutSecrets(lines, secrets), more)
	}
	return err
}

func (s *startFlags) target(endpoint string) (launch.Target, error) {
	if s.waitFor != "" {
		return launch.ParseTarget(s.waitFor)
	}
	target, err := launch.ParseTarget(endpoint)
	return target.Address(), err
}

// environmentOfApp is pbhook's own with the signing secrets of the run in place of any others.
func environmentOfApp(secrets config.Secrets) []string {
	environment := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, config.SecretVariable+"=") || strings.HasPrefix(variable, config.PreviousSecretVariable+"=")
	})
	environment = append(environment, config.SecretVariable+"="+secrets.Current.Reveal())
	if !secrets.Previous.IsZero() {
		environment = append(environment, config.PreviousSecretVariable+"="+secrets.Previous.Reveal())
	}
	return environment
}

// withoutSecrets redacts the secrets of the run in what an app printed.
func withoutSecrets(lines []string, secrets config.Secrets) []string {
	pairs := []string{secrets.Current.Reveal(), secrets.Current.String()}
	if !secrets.Previous.IsZero() {
		pairs = append(pairs, secrets.Previous.Reveal(), secrets.Previous.String())
	}
	redact := strings.NewReplacer(pairs...)
	for i, line := range lines {
		lines[i] = redact.Replace(line)
	}
	return lines
}
