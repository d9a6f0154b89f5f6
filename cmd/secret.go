package cmd

import (
	"encoding/hex"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

func newSecretCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "secret",
		GroupID: groupSetUp,
		Short:   "Make signing secrets for tests",
		Example: `  pbhook secret generate`,
		Args:    noVerb,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use:   "generate",
		Short: "Print a new signing secret of 192 random bits",
		Example: `  pbhook secret generate
  export POCKETBOOK_WEBHOOK_SECRET=$(pbhook secret generate)`,
		Args:        noArgs,
		Annotations: map[string]string{skipsConfig: "yes"},
		RunE: func(*cobra.Command, []string) error {
			secret, err := madeUpSecret(a.env.Rand)
			if err != nil {
				return err
			}
			return a.view.Secret(secret)
		},
	})
	return c
}

// madeUpSecret has the form of Pocketbook's own.
func madeUpSecret(random io.Reader) (signature.Secret, error) {
	key := make([]byte, 24)
	if _, err := io.ReadFull(random, key); err != nil {
		return signature.Secret{}, fmt.Errorf("cannot make up a secret: %w", err)
	}
	return signature.NewSecret(signature.SecretPrefix + hex.EncodeToString(key))
}
