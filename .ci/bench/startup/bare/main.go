// Command bare is what a command line of cobra costs before it does anything: one command and a version.
package main

import (
	"os"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "bare", Short: "Do nothing", Version: "1.0.0"}
	root.AddCommand(&cobra.Command{Use: "nothing", Short: "Do nothing", Run: func(*cobra.Command, []string) {}})
	if err := root.Execute(); err != nil {
		os.Exit(1)
	}
}
