package cmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/fixtures"
	"github.com/pocketbook-studio/pbhook/pkg/event"
	"github.com/pocketbook-studio/pbhook/pkg/fixture"
)

func newFixturesCommand(a *app) *cobra.Command {
	var source libraryFlags
	c := &cobra.Command{
		Use:     "fixtures",
		GroupID: groupSend,
		Short:   "List, copy and check the samples and scenarios",
		Example: `  pbhook fixtures list
  pbhook fixtures show bulk-mint
  pbhook fixtures eject ./fixtures
  pbhook fixtures validate ./fixtures`,
		Args: noVerb,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	inGroup(c.PersistentFlags(), "Fixtures", source.add)
	c.AddCommand(
		&cobra.Command{
			Use:     "list",
			Short:   "List the samples and the scenarios, and where each comes from",
			Example: `  pbhook fixtures list`,
			Args:    noArgs,
			RunE:    func(*cobra.Command, []string) error { return runFixturesList(a, source) },
		},
		&cobra.Command{
			Use:   "show NAME",
			Short: "Print a sample by event type, or a scenario by name",
			Example: `  pbhook fixtures show certificate.minted
  pbhook fixtures show bulk-mint`,
			Args: oneArgument("name one event type or scenario; pbhook fixtures list shows them"),
			RunE: func(_ *cobra.Command, args []string) error { return runFixturesShow(a, source, args[0]) },
		},
		&cobra.Command{
			Use:   "eject DIR",
			Short: "Copy the embedded samples, schemas and scenarios into a folder, to be edited",
			Long: `Copy the embedded samples, schemas and scenarios into a folder, to be edited.

What the folder ./fixtures has wins over what pbhook brings. Files that are there already are never overwritten.`,
			Example: `  pbhook fixtures eject ./fixtures`,
			Args:    oneArgument("name the folder to copy into"),
			RunE:    func(_ *cobra.Command, args []string) error { return runFixturesEject(a, args[0]) },
		},
		&cobra.Command{
			Use:     "validate DIR",
			Short:   "Check every file of a folder of fixtures",
			Example: `  pbhook fixtures validate ./fixtures`,
			Args:    oneArgument("name the folder to check"),
			RunE:    func(_ *cobra.Command, args []string) error { return runFixturesValidate(a, args[0]) },
		},
	)
	return c
}

func runFixturesList(a *app, source libraryFlags) error {
	if err := runEventsList(a, source); err != nil {
		return err
	}
	library, _, err := a.library(source)
	if err != nil {
		return err
	}
	scenarios, err := library.Scenarios()
	if err != nil {
		return err
	}
	var rows []view.Scenario
	for _, s := range scenarios {
		rows = append(rows, view.Scenario{Name: s.Name, Description: s.Description, Source: s.Source, Params: params(s)})
	}
	return a.view.Scenarios(rows)
}

func params(s *fixture.Scenario) []string {
	var names []string
	for _, p := range s.Params {
		names = append(names, p.Name)
	}
	return names
}

func runFixturesShow(a *app, source libraryFlags, name string) error {
	library, _, err := a.library(source)
	if err != nil {
		return err
	}
	text, err := library.RawScenario(name)
	if err == nil {
		return a.view.Text(text)
	}
	if _, unknown := errors.AsType[*fixture.UnknownError](err); !unknown {
		return err
	}
	sample, err := library.Raw(event.Type(name))
	if err != nil {
		return err
	}
	return a.view.Document(sample)
}

func runFixturesEject(a *app, dir string) error {
	files, err := fixture.Layer{Name: embedded, FS: fixtures.FS()}.Files()
	if err != nil {
		return err
	}
	if err := ejectFiles(dir, fixtures.FS(), files); err != nil {
		return err
	}
	a.view.Note("%d files are in %s", len(files), dir)
	return nil
}

func runFixturesValidate(a *app, dir string) error {
	if err := requireFolder(dir); err != nil {
		return err
	}
	problems, err := fixture.Check(
		fixture.Layer{Name: dir, FS: os.DirFS(dir)},
		fixture.Layer{Name: embedded, FS: fixtures.FS()},
	)
	if err != nil {
		return err
	}
	var rows []view.FixtureProblem
	for _, p := range problems {
		rows = append(rows, view.FixtureProblem{File: filepath.Join(dir, filepath.FromSlash(p.File)), Line: p.Line, Problem: p.Message})
	}
	if err := a.view.FixtureProblems(rows); err != nil {
		return err
	}
	if len(problems) > 0 {
		return &checkError{message: fmt.Sprintf("%s: faults: %d", dir, len(problems))}
	}
	a.view.Note("%s is in order", dir)
	return nil
}
