package cmd

import (
	"runtime"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/cmd/internal/view"
)

func newVersionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		GroupID: groupSetUp,
		Short:   "Print the version, the build and the platform",
		Example: `  pbhook version
  pbhook version -o json`,
		Args:        noArgs,
		Annotations: map[string]string{skipsConfig: "yes"},
		RunE: func(*cobra.Command, []string) error {
			return a.view.Version(view.Version{
				Number:   a.version.Number,
				Commit:   a.version.Commit,
				Date:     a.version.Date,
				Go:       runtime.Version(),
				Platform: runtime.GOOS + "/" + runtime.GOARCH,
			})
		},
	}
}
