package cmd

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pocketbook-studio/pbhook/cmd/internal/config"
	"github.com/pocketbook-studio/pbhook/cmd/internal/ui"
	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
)

const skipsConfig = "pbhook-skips-config" // annotation of verbs that must work while the configuration does not

func newConfigCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "config",
		GroupID: groupSetUp,
		Short:   "Show and change the settings that pbhook keeps",
		Long: `Show and change the settings that pbhook keeps: the endpoint, the signing secret, headers, in profiles if you like.

Flags win over PBHOOK_ variables, those over ./.pbhook.yaml, and that over your own file.`,
		Example: `  pbhook config path
  pbhook config show
  pbhook config set to http://localhost:4000/hooks
  pbhook config set secret --profile staging < secret.txt`,
		Args: noVerb,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newConfigPathCommand(a), newConfigShowCommand(a), newConfigSetCommand(a))
	return c
}

func newConfigPathCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:         "path",
		Short:       "Print where your configuration file is, or would be",
		Example:     `  pbhook config path`,
		Args:        noArgs,
		Annotations: map[string]string{skipsConfig: "yes"},
		RunE: func(*cobra.Command, []string) error {
			path, err := a.configFile()
			if err != nil {
				return err
			}
			return a.view.ConfigPath(path)
		},
	}
}

func newConfigShowCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "List every setting in force and where it was set",
		Example: `  pbhook config show
  pbhook config show --profile staging -o json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			values, unread := config.InForce(a.host(), a.config)
			var rows []view.Setting
			for _, value := range values {
				rows = append(rows, view.Setting{Key: value.Key, Value: value.Text, From: value.From})
			}
			return errors.Join(a.view.Settings(rows), unread)
		},
	}
}

type configSetOptions struct{ project bool }

func (o *configSetOptions) add(flags *pflag.FlagSet) {
	flags.BoolVar(&o.project, "project", false, "write ./.pbhook.yaml, which a team may share, in place of your own file")
}

func newConfigSetCommand(a *app) *cobra.Command {
	var opts configSetOptions
	var keys strings.Builder
	for _, key := range config.Keys() {
		fmt.Fprintf(&keys, "\n  %-17s %s", key.Name, key.Help)
	}
	c := &cobra.Command{
		Use:   "set KEY [VALUE]",
		Short: "Write one setting, at the top level or in a profile",
		Long: "Write one setting, at the top level or in the profile named by --profile.\n\n" +
			"A secret is better not written on a command line: without a VALUE it is read from stdin, or asked for.\n\nKeys:" + keys.String(),
		Example: `  pbhook config set to http://localhost:4000/hooks
  pbhook config set to https://staging.example.com/hooks --profile staging
  pbhook config set secret-source keyring --profile staging
  pbhook config set headers.X-Env staging --profile staging`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usagef(c, "name a key and its value")
			}
			return nil
		},
		Annotations: map[string]string{skipsConfig: "yes"},
		RunE: func(c *cobra.Command, args []string) error {
			return runConfigSet(c, a, opts, args)
		},
	}
	inGroup(c.Flags(), "Target", opts.add)
	return c
}

func runConfigSet(c *cobra.Command, a *app, opts configSetOptions, args []string) error {
	edit := config.Edit{Profile: a.flags.profile, Key: args[0]}
	var err error
	if edit.Path, err = a.configFile(); err != nil {
		return err
	}
	if opts.project {
		edit.Path = config.ProjectFile
	}
	if len(args) == 2 {
		edit.Value = args[1]
	} else if edit.Value, err = a.askValue(c, edit.Key); err != nil {
		return err
	}
	where, err := config.Set(c.Context(), a.host(), edit)
	if err != nil {
		return err
	}
	a.view.Note("%s is set in %s", edit.Key, where)
	return nil
}

// askValue reads a value that is not on the command line: from a prompt that hides it, or the one line of stdin.
func (a *app) askValue(c *cobra.Command, key string) (string, error) {
	if ui.IsInputTTY(a.env.Stdin) {
		return ui.ReadHidden(c.Context(), a.env.Stdin, a.env.Stderr, key)
	}
	value, err := io.ReadAll(io.LimitReader(a.stdin, 64<<10))
	return strings.TrimRight(string(value), "\r\n"), err
}

// configFile is the file named by --config or PBHOOK_CONFIG, or the user's own.
func (a *app) configFile() (string, error) {
	if a.flags.configFile != "" {
		return a.flags.configFile, nil
	}
	if named, _ := a.env.LookupEnv("PBHOOK_CONFIG"); named != "" {
		return named, nil
	}
	return config.Path(a.host())
}
