package view

import (
	"fmt"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// Redacted says what was taken out of captured requests, and what that costs.
func (v *View) Redacted(r capture.Redacted) {
	v.Note("taken out: secrets %d, tokens %d, e-mail addresses %d, names %d, signatures %d; replay signs anew",
		r.Secrets, r.Tokens, r.Emails, r.Names, r.Signatures)
	if r.Unseen > 0 {
		v.Warning(fmt.Sprintf("bodies that could not be looked into, or not wholly: %d; read them before you show them to others", r.Unseen))
	}
}
