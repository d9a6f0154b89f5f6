package cmd

import (
	"io"

	"github.com/spf13/cobra"
)

func newCompletionCommand(a *app) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:     "completion SHELL",
		GroupID: groupSetUp,
		Short:   "Print the completion script of a shell",
		Long:    "Print the script that completes pbhook's verbs, flags and event types in bash, zsh, fish or powershell.",
		Example: `  source <(pbhook completion bash)
  pbhook completion zsh > "${fpath[1]}/_pbhook"
  pbhook completion fish > ~/.config/fish/completions/pbhook.fish
  pbhook completion powershell | Out-String | Invoke-Expression`,
		ValidArgs:             shells,
		Args:                  oneArgument("name a shell: bash, zsh, fish or powershell"),
		Annotations:           map[string]string{skipsConfig: "yes"},
		DisableFlagsInUseLine: true,
		RunE: func(c *cobra.Command, args []string) error {
			write := map[string]func(io.Writer) error{
				"bash":       func(w io.Writer) error { return c.Root().GenBashCompletionV2(w, true) },
				"zsh":        c.Root().GenZshCompletion,
				"fish":       func(w io.Writer) error { return c.Root().GenFishCompletion(w, true) },
				"powershell": c.Root().GenPowerShellCompletionWithDesc,
			}[args[0]]
			if write == nil {
				return usagef(c, "there is no completion for shell %q: name bash, zsh, fish or powershell", args[0])
			}
			return write(a.env.Stdout)
		},
	}
}
