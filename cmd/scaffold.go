package cmd

import (
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
	"github.com/pocketbook-studio/pbhook/docs/examples"
)

func newScaffoldCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "scaffold [NAME [DIR]]",
		GroupID: groupReceive,
		Short:   "Write a correct receiver to start from, in the framework of your choice",
		Long: `Write a correct receiver to start from, in the framework of your choice. Without a name, list what there is.

NAME is ` + strings.Join(exampleNames(), ", ") + `; DIR is NAME unless given. Nothing is ever overwritten: when a file is in the
way, none is written.`,
		Example: `  pbhook scaffold
  pbhook scaffold express
  pbhook scaffold fastapi ./services/webhooks`,
		Annotations:       map[string]string{skipsConfig: "yes"},
		ValidArgsFunction: completeExamples,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 2 {
				return usagef(c, "one example is written at a time, into one folder")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return runScaffoldList(a)
			case 1:
				return runScaffold(a, c, args[0], args[0])
			default:
				return runScaffold(a, c, args[0], args[1])
			}
		},
	}
}

func runScaffoldList(a *app) error {
	var rows []view.Example
	for _, example := range examples.All() {
		rows = append(rows, view.Example{Name: example.Name, Title: example.Title, Setup: example.Setup, Start: example.Start})
	}
	return a.view.Examples(rows)
}

func runScaffold(a *app, c *cobra.Command, name, dir string) error {
	for _, example := range examples.All() {
		if example.Name == name {
			return scaffold(a, example, dir)
		}
	}
	return usagef(c, "there is no example %q; there are %s", name, strings.Join(exampleNames(), ", "))
}

func scaffold(a *app, example examples.Example, dir string) error {
	from, err := example.Files()
	if err != nil {
		return err
	}
	var files []string
	err = fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := ejectFiles(dir, from, files); err != nil {
		return err
	}
	return a.view.Scaffold(view.Scaffold{Name: example.Name, Dir: dir, Files: files, Setup: example.Setup, Start: example.Start})
}

func exampleNames() []string {
	var names []string
	for _, example := range examples.All() {
		names = append(names, example.Name)
	}
	return names
}

func completeExamples(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	var names []string
	for _, example := range examples.All() {
		names = append(names, cobra.CompletionWithDesc(example.Name, example.Title))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
