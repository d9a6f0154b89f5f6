package view

import (
	"regexp"

	"github.com/pocketbook-studio/pbhook/pkg/signature"
)

var (
	anySecret = regexp.MustCompile(signature.SecretPrefix + `[^\s"',]+`)
	anyToken  = regexp.MustCompile(`\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*`) // as every JWT begins
)

// hideSecrets redacts secrets and tokens that were typed where none belongs, and so are part of what a line quotes.
func hideSecrets(text string) string {
	text = anyToken.ReplaceAllString(text, "eyJ…")
	return anySecret.ReplaceAllStringFunc(text, func(found string) string {
		secret, err := signature.NewSecret(found)
		if err != nil {
			return signature.SecretPrefix + "…"
		}
		return secret.String()
	})
}
