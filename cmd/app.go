package cmd

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
)

// app is what the verbs of one run share: the process, the global flags, and what follows from them.
type app struct {
	env     Env
	version Version
	flags   globalFlags
	config  config.Config
	view    *view.View
	stdin   io.Reader // Env's, in a form that ends with the run

	unwritten error // of a help page, which the library cannot hand on
}

type globalFlags struct {
	output, color, profile, configFile string
	json, verbose                      bool
}

func (g *globalFlags) add(flags *pflag.FlagSet) {
	flags.SortFlags = false
	flags.StringVarP(&g.output, "output", "o", "", "write results as `FORMAT`: text, or json for one object a line")
	flags.BoolVar(&g.json, "json", false, "the same as --output json")
	flags.StringVar(&g.color, "color", "", "use colour `WHEN`: auto, always or never; NO_COLOR and CLICOLOR_FORCE are honoured")
	flags.StringVar(&g.profile, "profile", "", "`NAME` of the profile to take settings from")
	flags.StringVar(&g.configFile, "config", "", "read this `FILE` in place of .pbhook.yaml and your own configuration")
	flags.BoolVarP(&g.verbose, "verbose", "v", false, "show headers and bodies as they were on the wire")
	flags.BoolP("help", "h", false, "show this page")
	isSetting(flags, "output", "color")
}

// newApp starts with what can be known before the flags are read, so that a bad flag is reported in the right form too.
func newApp(env Env, v Version, json bool) *app {
	a := &app{env: env, version: v}
	a.look(ui.Auto, json)
	return a
}

// wantsJSON looks for the request for JSON in a command line that may be broken everywhere else.
func wantsJSON(args []string, lookup func(string) (string, bool)) bool {
	for i, arg := range args {
		switch arg {
		case "--":
			return false
		case "--json", "-ojson", "-o=json", "--output=json":
			return true
		case "-o", "--output":
			return i+1 < len(args) && args[i+1] == "json"
		}
	}
	output, _ := lookup("PBHOOK_OUTPUT")
	return output == "json"
}

// look decides how both streams are written to.
func (a *app) look(mode ui.Mode, json bool) {
	a.view = view.New(view.Options{
		Out:     ui.New(a.env.Stdout, mode, a.env.LookupEnv),
		Err:     ui.New(a.env.Stderr, mode, a.env.LookupEnv),
		JSON:    json,
		Verbose: a.flags.verbose,
	})
}

// colorMode is what --color says, for pages that are shown before the configuration is read.
func (a *app) colorMode() ui.Mode {
	mode, _ := ui.ParseMode(a.flags.color)
	return mode
}

// prepare settles how output looks and, for all verbs but those that must work without it, reads the configuration.
func (a *app) prepare(c *cobra.Command) error {
	a.stdin = ui.Interruptible(c.Context(), a.env.Stdin)
	json, color := a.flags.json || a.flags.output == "json", a.flags.color
	a.look(ui.Auto, json)
	if c.Annotations[skipsConfig] == "" {
		cfg, err := config.Load(a.host(), config.LoadOptions{
			File: a.flags.configFile, Profile: a.flags.profile, Flags: settingFlags(c.Flags()),
		})
		if err != nil {
			return err
		}
		a.config, json, color = cfg, json || cfg.Output == "json", cfg.Color
	}
	mode, err := ui.ParseMode(color)
	if err != nil {
		return err
	}
	a.look(mode, json)
	for _, warning := range a.config.Warnings {
		a.view.Warning(warning.String())
	}
	return nil
}

const settingFlag = "pbhook-setting"

// isSetting marks flags that win over a setting of the same name in the configuration.
func isSetting(flags *pflag.FlagSet, names ...string) {
	for _, name := range names {
		if err := flags.SetAnnotation(name, settingFlag, nil); err != nil {
			panic(err) // a flag that was never defined
		}
	}
}

// settingFlags gives the flags of this command line that are settings too, so that all sources are merged in one place.
func settingFlags(flags *pflag.FlagSet) map[string]string {
	given := map[string]string{}
	flags.Visit(func(flag *pflag.Flag) {
		if _, setting := flag.Annotations[settingFlag]; setting {
			given[flag.Name] = flag.Value.String()
		}
	})
	return given
}

func (a *app) host() config.Host {
	return config.Host{LookupEnv: a.env.LookupEnv, Stdin: a.env.Stdin, Stderr: a.env.Stderr}
}

// finish reports how the run ended and gives the exit code.
func (a *app) finish(ctx context.Context, err error) int {
	a.view.Out.EndLine()
	if err == nil {
		return exitSuccess
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errInterrupted
	}
	problem := diagnose(err)
	if _, shown := errors.AsType[*shownError](err); !shown {
		a.view.Problem(problem)
	}
	return problem.Code
}
